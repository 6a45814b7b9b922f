package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Gap;
import dev.fanfare.Receipt;
import dev.fanfare.redis.Command.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;

/** Messages and channels of a slot that changes its server, step by step; the test plays the servers. */
class SlotTest {

    private static final Loss LOSS = new Loss(new Moment(Instant.EPOCH, 0), Gap.Reason.FAILOVER);

    private final HostAndPort here = new HostAndPort("127.0.0.1", 1);
    private final Settings settings = RedisBroadcaster.builder()
            .cluster(Set.of(here), DefaultJedisClientConfig.builder().build())
            .publishQueue(5, 1_000)
            .liveness(Duration.ofHours(1), Duration.ofHours(2))
            .settings();
    private final Cluster cluster = new Cluster(settings, List.of(here));
    private final Shard a = shard(1);
    private final Shard b = shard(2);
    private final Slot slot = new Slot(settings.slot("chat"), cluster, a);

    private Shard shard(int port) {
        return new Shard(
                new HostAndPort("127.0.0.1", port),
                settings,
                (from, s) -> slot().released(from, s),
                (publication, error) -> false);
    }

    private Slot slot() {
        return Objects.requireNonNull(slot);
    }

    private Publication publish(String text) {
        var publication = Publication.sharded(
                "chat", settings.wire("chat"), text.getBytes(StandardCharsets.UTF_8), System.nanoTime());
        slot.publish(publication);
        return publication;
    }

    private static List<Publication> at(Shard shard) {
        return shard.publisher().withdraw(publication -> true);
    }

    @Test
    void whatIsSentBackGoesToTheNextServerInItsOrderAndBeforeWhatIsNew() {
        var first = publish("1");
        var second = publish("2");
        assertEquals(List.of(first, second), at(a));
        slot.returned(second);
        var third = publish("3");
        slot.owner(b);
        slot.resume();
        assertEquals(List.of(), at(b), "the first may still be taken");
        slot.returned(first);
        assertEquals(List.of(first, second, third), at(b));
        assertEquals(List.of(), at(a));
    }

    @Test
    void nothingIsTriedAgainBeforeSomebodyKnowsBetter() {
        var first = publish("1");
        slot.returned(at(a).get(0));
        var second = publish("2");
        assertEquals(List.of(), at(a));
        slot.resume();
        assertEquals(List.of(first, second), at(a));
    }

    @Test
    void whatWasOvertakenBecauseTheSlotCameBackFails() {
        var first = publish("1");
        var second = publish("2");
        at(a);
        slot.returned(first);
        second.outcome.complete(new Receipt(1, null));
        slot.resume();
        OwnRedis.assertSays("later messages overtook it", OwnRedis.failure(first.outcome));
        assertEquals(List.of(), at(a));
    }

    @Test
    void whatWaitsIsBoundedInNumberAndTime() {
        slot.owner(null);
        var waiting = IntStream.range(0, 5)
                .mapToObj(n -> publish(Integer.toString(n)))
                .toList();
        assertInstanceOf(BroadcastException.QueueFull.class, OwnRedis.failure(publish("too much").outcome));
        waiting.forEach(publication -> assertFalse(publication.outcome.isDone()));
        slot.expire(System.nanoTime() + 1, new BroadcastException("late"));
        waiting.forEach(publication -> assertTrue(publication.outcome.isCompletedExceptionally()));
        assertFalse(publish("there is room").outcome.isDone());
    }

    private static Command written(Shard shard) throws InterruptedException {
        var batch = shard.subscriptions().take();
        assertNotNull(batch);
        return batch.commands().get(0);
    }

    private void subscribedAtA() throws InterruptedException {
        a.subscriptions().connected(new RedisLink(settings.ofServer(here)));
        b.subscriptions().connected(new RedisLink(settings.ofServer(here)));
        var joined = slot.subscribe("chat");
        assertEquals(Kind.SUBSCRIBE, written(a).kind);
        var answer = a.subscriptions().confirmed(Kind.SUBSCRIBE, "chat");
        assertSame(joined, Objects.requireNonNull(answer).future());
    }

    private void moveToB() {
        var expelled = a.subscriptions().expel(s -> true);
        expelled.leaving().forEach(s -> slot.leaving(s.channel, a));
        slot.owner(b);
        expelled.free().forEach(s -> slot.released(a, s));
        slot.resume();
    }

    @Test
    void aChannelIsSubscribedAtTheNextServerOnlyWhenItIsLeftAtTheFirst() throws InterruptedException {
        subscribedAtA();
        moveToB();
        assertTrue(b.subscriptions().empty());
        assertFalse(slot.subscribe("chat").isDone(), "on its way");
        assertEquals(Kind.UNSUBSCRIBE, written(a).kind);
        var left = a.subscriptions().left("chat", LOSS);
        slot.released(a, Objects.requireNonNull(left).subscription());
        assertTrue(a.subscriptions().empty());
        assertEquals(Kind.SUBSCRIBE, written(b).kind);
        var confirmed = b.subscriptions().confirmed(Kind.SUBSCRIBE, "chat");
        assertEquals(LOSS, Objects.requireNonNull(confirmed).loss());
        assertNotNull(confirmed.future());
    }

    @Test
    void aChannelThatIsPushedOutWhileItIsBeingLeftHasAnErrorBehindIt() throws InterruptedException {
        subscribedAtA();
        moveToB();
        written(a);
        a.subscriptions().subscribe("other");
        assertEquals(Kind.SUBSCRIBE, written(a).kind);
        var pushed = a.subscriptions().left("chat", LOSS);
        assertTrue(Objects.requireNonNull(pushed).released());
        assertNull(a.subscriptions().redirected(settings.slot("chat"), LOSS), "it answers nothing any more");
        assertNotNull(a.subscriptions().confirmed(Kind.SUBSCRIBE, "other"));
    }

    @Test
    void theEndOfTheConnectionLetsEverythingGoThatHasTo() throws InterruptedException {
        subscribedAtA();
        moveToB();
        var released = a.subscriptions().disconnected(LOSS);
        assertEquals(1, released.size());
        slot.released(a, released.get(0));
        assertEquals(Kind.SUBSCRIBE, written(b).kind);
        assertEquals(
                LOSS,
                Objects.requireNonNull(b.subscriptions().confirmed(Kind.SUBSCRIBE, "chat"))
                        .loss());
    }

    @Test
    void aChannelThatIsLeftOnItsWayIsForgotten() throws InterruptedException {
        subscribedAtA();
        moveToB();
        written(a);
        slot.unsubscribe("chat");
        slot.released(
                a, Objects.requireNonNull(a.subscriptions().left("chat", LOSS)).subscription());
        assertTrue(a.subscriptions().empty());
        assertTrue(b.subscriptions().empty());
    }

    @Test
    void aSubscribeThatIsRedirectedWaitsForSomebodyWhoKnows() throws InterruptedException {
        a.subscriptions().connected(new RedisLink(settings.ofServer(here)));
        var joined = slot.subscribe("chat");
        written(a);
        var redirected = a.subscriptions().redirected(settings.slot("chat"), LOSS);
        slot.released(a, Objects.requireNonNull(redirected).subscription());
        assertTrue(a.subscriptions().empty());
        slot.resume();
        written(a);
        var confirmed = Objects.requireNonNull(a.subscriptions().confirmed(Kind.SUBSCRIBE, "chat"));
        assertSame(joined, confirmed.future());
        assertNull(confirmed.loss(), "it was not subscribed before");
    }
}
