package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Gap;
import dev.fanfare.History;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Receipt;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.TcpProxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** History in a real Redis, which others write to, trim, flush and start anew. */
class RedisHistoryTest extends OwnHistory {

    @Test
    void whatWasPublishedIsReadBackInItsOrder() throws Exception {
        var broadcaster = started();
        assertEquals(
                new History.Page(List.of(), Position.START, Position.START, null, OptionalLong.empty()),
                after(broadcaster, Position.START, 10));
        var first = say(broadcaster, 1);
        for (int i = 2; i <= 10; i++) {
            say(broadcaster, i);
        }
        var all = after(broadcaster, Position.START, 100);
        assertEquals(numbers(1, 10), texts(all));
        assertNull(all.gap());
        assertTrue(all.isLast());
        var some = after(broadcaster, first, 3);
        assertEquals(numbers(2, 4), texts(some));
        assertFalse(some.isLast());
        assertEquals(4, some.end().offset());
        assertEquals(10, some.top().offset());
        assertEquals(numbers(9, 10), texts(broadcaster.newest("room", 2).get(10, TimeUnit.SECONDS)));
        assertEquals(List.of(), texts(broadcaster.newest("room", 0).get(10, TimeUnit.SECONDS)));
    }

    @Test
    void attributesAndBinaryAreKeptToo() throws Exception {
        var broadcaster = started();
        var message =
                Message.binary(ByteBuffer.wrap(new byte[] {1, (byte) 0xFF})).with(Message.Attributes.key("k"));
        broadcaster.publish("room", message).get(10, TimeUnit.SECONDS);
        var back = after(broadcaster, Position.START, 1).entries().get(0).message();
        assertEquals(message.attributes(), back.attributes());
        assertEquals(message.buffer(), back.buffer());
    }

    @Test
    void whatWasTrimmedIsAGapThatSaysHowMuch() throws Exception {
        var broadcaster =
                (RedisBroadcaster) node(quick(redis.port()).history("room", 1, Duration.ofHours(1))).broadcaster;
        var first = say(broadcaster, 1);
        for (int i = 2; i <= 500; i++) {
            say(broadcaster, i);
        }
        var page = after(broadcaster, first, 1_000);
        assertEquals(Gap.Reason.HISTORY_TRIMMED, page.gap());
        var oldest = page.entries().get(0).position().offset();
        assertTrue(oldest > 300, "at most a hundred more than asked for are kept, the oldest is " + oldest);
        assertEquals(OptionalLong.of(oldest - 2), page.lost());
        assertEquals(numbers((int) oldest, 500), texts(page));
    }

    @Test
    void whatSomebodyDeletedIsAGap() throws Exception {
        var broadcaster = started();
        var first = say(broadcaster, 1);
        var second = say(broadcaster, 2);
        var third = say(broadcaster, 3);
        say(broadcaster, 4);
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            raw.command("XDEL", STREAM, third.toString());
            var page = after(broadcaster, first, 10);
            assertEquals(List.of("2"), texts(page));
            assertNull(page.gap());
            var next = after(broadcaster, second, 10);
            assertEquals(OptionalLong.of(1), next.lost());
            assertEquals(List.of("4"), texts(next));
            raw.command("DEL", STREAM);
            var none = after(broadcaster, first, 10);
            assertEquals(Gap.Reason.HISTORY_TRIMMED, none.gap());
            assertEquals(OptionalLong.of(3), none.lost());
            assertTrue(none.isLast());
        }
    }

    @Test
    void anotherRunOfTheServerBeginsAnEpochAndOldPositionsResume() throws Exception {
        redis.close();
        redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        var broadcaster = started();
        var first = say(broadcaster, 1);
        var second = say(broadcaster, 2);
        redis.kill();
        redis.restart();
        Await.until(
                "published again",
                () -> !broadcaster
                        .publish("room", Message.text("3"))
                        .handle((receipt, failure) -> failure)
                        .thenApply(failure -> failure != null)
                        .join());
        var page = after(broadcaster, first, 10);
        assertEquals(numbers(2, 3), texts(page));
        assertNull(page.gap());
        var third = page.end();
        assertTrue(third.epoch() > second.epoch(), third + " after " + second);
        assertEquals(1, third.offset());
        assertEquals(numbers(3, 3), texts(after(broadcaster, second, 10)));
        var above = after(broadcaster, new Position(second.epoch(), 3), 10);
        assertEquals(Gap.Reason.HISTORY_LOST, above.gap());
        assertEquals(numbers(3, 3), texts(above));
    }

    /** While it was a replica it lost what the other did not have, and it is the same run of the same server. */
    @Test
    void aServerThatIsTheMasterAgainBeginsAnEpoch() throws Exception {
        try (var other = RedisServer.start()) {
            var proxy = proxy();
            var listening = new Listening(quick(proxy.port()).history("room", 1_000, Duration.ofHours(1)));
            for (int i = 1; i <= 3; i++) {
                listening.hub.broadcast("room", "" + i).get(10, TimeUnit.SECONDS);
            }
            follow(other, redis);
            other.command("REPLICAOF", "NO", "ONE");
            var lost = listening.hub.broadcast("room", "4").get(10, TimeUnit.SECONDS);
            listening.awaitExactly(numbers(1, 4));
            connect(proxy, other);
            follow(redis, other);
            redis.command("REPLICAOF", "NO", "ONE");
            connect(proxy, redis);
            var next = new CompletableFuture<Receipt>();
            Await.until("published", () -> {
                var sent = listening.hub.broadcast("room", "5");
                return sent.handle((receipt, failure) -> failure == null && next.complete(receipt))
                        .join();
            });
            listening.awaitExactly(numbers(1, 5));
            var before = lost.position().orElseThrow();
            var after = next.join().position().orElseThrow();
            assertTrue(after.epoch() > before.epoch(), after + " after " + before);
            assertEquals(List.of(Gap.Reason.HISTORY_LOST), reasons(listening));
        }
    }

    private static List<Gap.Reason> reasons(Listening listening) {
        Await.until("told", () -> !listening.gaps.isEmpty());
        return listening.gaps.stream().map(Gap::reason).toList();
    }

    private static void follow(RedisServer replica, RedisServer master) {
        replica.command("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
        Await.until(
                "it follows and has everything",
                () -> replica.command("INFO", "replication").contains("master_link_status:up")
                        && replica.command("HGET", META, "top").equals(master.command("HGET", META, "top")));
    }

    /** All three connections, and the publisher's is in use. */
    private static void connect(TcpProxy proxy, RedisServer to) {
        to.command("CONFIG", "RESETSTAT");
        proxy.redirect(to.port());
        proxy.cut();
        Await.until(
                "all are there",
                () -> to.command("CLIENT", "LIST").lines().count() == 4
                        && to.command("INFO", "commandstats").contains("cmdstat_publish:"));
    }

    @Test
    void aServerThatLostItsDataIsAGapAndSwallowsNothingNew() throws Exception {
        var listening = new Listening(kept());
        listening.hub.broadcast("room", "1").get(10, TimeUnit.SECONDS);
        listening.awaitExactly(numbers(1, 1));
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            raw.command("FLUSHALL");
        }
        listening.hub.broadcast("room", "2").get(10, TimeUnit.SECONDS);
        listening.awaitExactly(numbers(1, 2));
        Await.until("told", () -> !listening.gaps.isEmpty());
        assertEquals(Gap.Reason.HISTORY_LOST, listening.gaps.element().reason());
    }

    @Test
    void killedConnectionsUnderLoadLoseAndRepeatNothing() throws Exception {
        killedUnderLoad(Integer.getInteger("fanfare.history.kills", 10));
    }

    private void killedUnderLoad(int kills) throws Exception {
        var one = new Listening(kept());
        var two = new Listening(kept());
        var sender = node(kept());
        sender.awaitLive();
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            int number = 0;
            for (int kill = 0; kill < kills; kill++) {
                for (int i = 0; i < 200; i++) {
                    sender.publish("room", "" + ++number);
                }
                raw.command("CLIENT", "KILL", "TYPE", "pubsub");
                for (int i = 0; i < 200; i++) {
                    sender.publish("room", "" + ++number);
                }
                int sent = number;
                Await.until("all of them came", () -> one.texts.size() >= sent && two.texts.size() >= sent);
            }
            one.awaitExactly(numbers(1, number));
            two.awaitExactly(numbers(1, number));
            assertEquals(List.of(), List.copyOf(one.gaps));
        }
    }

    @Test
    void aFunctionOrScriptThatIsFlushedIsLoadedAgain() throws Exception {
        var broadcaster = started();
        say(broadcaster, 1);
        var byScript = (RedisBroadcaster) node(kept().scriptsOnly()).broadcaster;
        say(byScript, 2);
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            raw.command("FUNCTION", "FLUSH");
            raw.command("SCRIPT", "FLUSH");
        }
        for (int i = 3; i <= 10; i++) {
            say(i % 2 == 0 ? broadcaster : byScript, i);
        }
        assertEquals(numbers(1, 10), texts(after(broadcaster, Position.START, 100)));
        var calls = redis.command("INFO", "commandstats");
        assertTrue(
                calls.lines().anyMatch(line -> line.startsWith("cmdstat_fcall:") && line.endsWith("failed_calls=1")),
                calls);
    }

    @Test
    void bothKeysExpireAndAreInTheSlotOfTheirChannel() throws Exception {
        var broadcaster = started();
        say(broadcaster, 1);
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            assertEquals("2", raw.command("EXISTS", META, STREAM));
            assertTrue(Long.parseLong(raw.command("PTTL", STREAM)) > 3_600_000);
            assertTrue(Long.parseLong(raw.command("PTTL", META)) > 3_600_000);
        }
        assertEquals("\u0001stream:a{tag}b", stream("a{tag}b"));
        assertEquals("\u0001stream:{a{}b}", stream("a{}b"));
        assertEquals("\u0001stream:{room}", stream("room"));
    }

    private static String stream(String channel) {
        var keys = HistoryKeys.of(
                RedisBroadcaster.builder().settings(), channel, new History.Retention("*", 1, Duration.ofHours(1)));
        return new String(keys.stream, StandardCharsets.UTF_8);
    }
}
