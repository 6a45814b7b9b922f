package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Gap;
import dev.fanfare.redis.Command.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The states of channels, answer by answer; the test plays Redis. */
class SubscriptionsTest {

    private final Settings settings = RedisBroadcaster.builder()
            .linger(Duration.ofMillis(1))
            .liveness(Duration.ofHours(1), Duration.ofHours(2))
            .settings();
    private final Subscriptions subscriptions = new Subscriptions(settings);

    private void connect() {
        subscriptions.connected(new RedisLink(settings));
    }

    /** The next commands, in words. */
    private List<String> written() throws InterruptedException {
        var batch = subscriptions.take();
        assertNotNull(batch);
        return batch.commands().stream()
                .map(command -> command.kind
                        + command.subscriptions.stream()
                                .map(s -> " " + s.channel)
                                .reduce("", String::concat))
                .toList();
    }

    @Test
    void theConfirmationOfAnUnsubscribeDoesNotConfirmTheSubscribeBehindIt() throws InterruptedException {
        connect();
        subscriptions.subscribe("a");
        assertEquals(List.of("SUBSCRIBE a"), written());
        assertNotNull(subscriptions.confirmed(Kind.SUBSCRIBE, "a"));
        subscriptions.unsubscribe("a");
        assertEquals(List.of("UNSUBSCRIBE a"), written());
        var again = subscriptions.subscribe("a");
        assertFalse(again.isDone());
        assertEquals(List.of("SUBSCRIBE a"), written());
        assertNull(subscriptions.confirmed(Kind.UNSUBSCRIBE, "a"));
        var answer = subscriptions.confirmed(Kind.SUBSCRIBE, "a");
        assertNotNull(answer);
        assertSame(again, answer.future());
    }

    @Test
    void aChannelJoinedAgainWhileItLeavesAndLeftAgainIsForgotten() throws InterruptedException {
        connect();
        subscriptions.subscribe("a");
        written();
        subscriptions.confirmed(Kind.SUBSCRIBE, "a");
        subscriptions.unsubscribe("a");
        written();
        var second = subscriptions.subscribe("a");
        assertSame(second, subscriptions.unsubscribe("a"));
        var third = subscriptions.subscribe("a");
        assertNotSame(second, third);
        assertEquals(List.of("SUBSCRIBE a"), written());
        assertNull(subscriptions.confirmed(Kind.UNSUBSCRIBE, "a"));
        var answer = subscriptions.confirmed(Kind.SUBSCRIBE, "a");
        assertNotNull(answer);
        assertSame(third, answer.future());
    }

    @Test
    void aChannelLeftBeforeItsConfirmationLingersAndIsJoinedAgainAtOnce() throws InterruptedException {
        connect();
        var first = subscriptions.subscribe("a");
        written();
        assertSame(first, subscriptions.unsubscribe("a"));
        var second = subscriptions.subscribe("a");
        assertFalse(second.isDone());
        var answer = subscriptions.confirmed(Kind.SUBSCRIBE, "a");
        assertNotNull(answer);
        assertSame(second, answer.future());
        subscriptions.unsubscribe("a");
        assertTrue(subscriptions.subscribe("a").isDone());
    }

    @Test
    void oneRefusedChannelIsFoundByTryingEachAlone() throws InterruptedException {
        connect();
        subscriptions.subscribe("a");
        var b = subscriptions.subscribe("b");
        assertEquals(List.of("SUBSCRIBE a b"), written());
        assertNull(subscriptions.refused());
        assertEquals(List.of("SUBSCRIBE a", "SUBSCRIBE b"), written());
        assertNotNull(subscriptions.confirmed(Kind.SUBSCRIBE, "a"));
        var answer = subscriptions.refused();
        assertNotNull(answer);
        assertSame(b, answer.future());
        assertNull(subscriptions.find("b"));
        assertNotNull(subscriptions.find("a"));
    }

    @Test
    void aConnectionIsSettledWhenEverythingWantedAtItsBeginningIsConfirmed() throws InterruptedException {
        subscriptions.subscribe("a");
        assertFalse(subscriptions.settled());
        connect();
        assertFalse(subscriptions.settled());
        written();
        subscriptions.subscribe("later");
        subscriptions.confirmed(Kind.SUBSCRIBE, "a");
        assertTrue(subscriptions.settled());
    }

    @Test
    void theGapBeginsAtTheLastProofOfTheConnectionThatHadTheChannel() throws InterruptedException {
        var first = new Loss(new Moment(Instant.EPOCH, 0), Gap.Reason.FAILOVER);
        var second = new Loss(new Moment(Instant.EPOCH, 1), Gap.Reason.RECONNECT);
        connect();
        subscriptions.subscribe("a");
        written();
        subscriptions.confirmed(Kind.SUBSCRIBE, "a");
        subscriptions.subscribe("not yet confirmed");
        subscriptions.disconnected(first);
        connect();
        subscriptions.disconnected(second);
        connect();
        assertEquals(1, written().size());
        var names = List.of("a", "not yet confirmed");
        for (int n = 0; n < 2; n++) {
            var channel = names.get(n);
            var answer = confirmEither(names);
            assertEquals(answer.subscription().channel.equals("a") ? first : null, answer.loss(), channel);
        }
    }

    /** In the order in which the command has them, which is that of a hash table. */
    private Answer confirmEither(List<String> names) {
        for (var name : names) {
            var s = subscriptions.find(name);
            if (s != null && s.phase == Subscription.Phase.SENT && firstInCommand(s)) {
                var answer = subscriptions.confirmed(Kind.SUBSCRIBE, name);
                assertNotNull(answer);
                return answer;
            }
        }
        throw new AssertionError("nothing to confirm");
    }

    private static boolean firstInCommand(Subscription s) {
        var command = s.command;
        return command != null && command.subscriptions.get(command.answered) == s;
    }

    @Test
    void batchesAreBounded() throws InterruptedException {
        connect();
        IntStream.range(0, 1_200).forEach(n -> subscriptions.subscribe("c" + n));
        for (int expected : new int[] {500, 500, 200}) {
            var batch = subscriptions.take();
            assertNotNull(batch);
            assertEquals(expected, batch.commands().get(0).subscriptions.size());
        }
    }

    @Test
    void anAnswerThatWasNotAskedForEndsTheTrustInTheStream() {
        connect();
        assertThrows(BroadcastException.class, () -> subscriptions.confirmed(Kind.SUBSCRIBE, "a"));
        assertThrows(BroadcastException.class, () -> subscriptions.refused());
    }
}
