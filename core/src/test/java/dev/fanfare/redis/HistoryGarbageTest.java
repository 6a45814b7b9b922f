package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What other programs write to a history, publish on its channel, and do to its keys and its server, harms nobody. */
class HistoryGarbageTest extends OwnHistory {

    @Test
    void whatOthersAppendAndPublishHarmsNobody() throws Exception {
        var listening = new Listening(kept());
        var broadcaster = started();
        var first = say(broadcaster, 1);
        listening.awaitExactly(numbers(1, 1));
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            raw.command("XADD", STREAM, "*", "d", "garbage");
            raw.command("PUBLISH", "room", "plain");
            listening.awaitExactly(List.of("1", "plain"));
            say(broadcaster, 2);
            raw.command("XADD", STREAM, "*", "d", "garbage", "more", "of it");
            say(broadcaster, 3);
        }
        listening.awaitExactly(List.of("1", "plain", "2", "3"));
        assertEquals(numbers(2, 3), texts(after(broadcaster, first, 10)));
        assertEquals(List.of(), List.copyOf(listening.gaps));
        assertEquals(1, listening.hub.stats().unpositioned());
    }

    @Test
    void whoeverDestroysAHistoryCausesGapsAndSwallowsNothingNew() throws Exception {
        var listening = new Listening(kept());
        var broadcaster = started();
        say(broadcaster, 1);
        listening.awaitExactly(numbers(1, 1));
        var deeds = List.of(
                List.of("XADD", STREAM, "18446744073709551615-18446744073709551615", "x", "y"),
                List.of("DEL", STREAM),
                List.of("SET", STREAM, "no stream"),
                List.of("DEL", META),
                List.of("SET", META, "no hash"),
                List.of("HSET", META, "past", "nonsense", "kept", "nonsense", "top", "nonsense"),
                List.of("HSET", META, "epoch", "nonsense"),
                List.of("HSET", META, "run", "nonsense"));
        int number = 1;
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            for (var deed : deeds) {
                raw.command(deed.toArray(new String[0]));
                say(broadcaster, ++number);
                listening.awaitExactly(numbers(1, number));
            }
        }
    }

    private void append(long epoch, int count) {
        redis.command(
                "EVAL",
                "for i = 1, " + count + " do redis.call('XADD', KEYS[1], ARGV[1] .. '-' .. i, 'd', 'garbage') end",
                "1",
                STREAM,
                Long.toString(epoch));
    }

    @Test
    void garbageOfAnyLengthHidesNothingAndIsReported() throws Exception {
        var node = node(kept());
        var broadcaster = (RedisBroadcaster) node.broadcaster;
        var listening = new Listening(kept());
        var first = say(broadcaster, 1);
        listening.awaitExactly(numbers(1, 1));
        append(first.epoch() + 1, 700); // they count as messages, of which a thousand are kept
        var second = say(broadcaster, 2);
        assertTrue(second.epoch() > first.epoch() + 1);
        listening.awaitExactly(numbers(1, 2));
        for (int limit : new int[] {1, 5, 1_000}) {
            var page = after(broadcaster, first, limit);
            assertEquals(numbers(2, 2), texts(page));
            assertNull(page.gap());
            assertTrue(page.isLast());
        }
        append(second.epoch() + 1, 2_000);
        for (int limit : new int[] {1, 2, 1_000}) {
            var newest = broadcaster.newest("room", limit).get(10, TimeUnit.SECONDS);
            assertEquals(numbers(limit == 1 ? 2 : 1, 2), texts(newest));
            assertEquals(second, newest.end());
        }
        assertTrue(
                node.unreadable.stream().anyMatch(one -> one.contains((first.epoch() + 1) + "-1")),
                node.unreadable::toString);
        assertEquals(List.of(), List.copyOf(listening.gaps));
    }

    @Test
    void bytesThatAreNoMessageAreReportedWithChannelAndPosition() throws Exception {
        var node = node(kept());
        var broadcaster = (RedisBroadcaster) node.broadcaster;
        node.join("room");
        var first = say(broadcaster, 1);
        redis.command("DEL", STREAM);
        redis.command("XADD", STREAM, first.toString(), "d", "\u0001FAN", "x", "y");
        var second = say(broadcaster, 2);
        assertEquals(numbers(2, 2), texts(after(broadcaster, Position.START, 10)));
        assertTrue(
                node.unreadable.stream().anyMatch(one -> one.startsWith("room") && one.contains(first.toString())),
                node.unreadable::toString);
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            raw.publish("room", new byte[] {(byte) 0xFF, 'F', 'A', 'N', 1, 1, 2, 0, 0, 0, 50, '1'});
        }
        Await.until("reported", () -> node.unreadable.size() >= 2);
        assertEquals(new Position(second.epoch(), 3), say(broadcaster, 3));
    }

    @Test
    void aServerThatBecameAReplicaRefusesAndTheNextMasterGoesOn() throws Exception {
        try (var other = RedisServer.start()) {
            var node = node(kept());
            node.join("room");
            var broadcaster = (RedisBroadcaster) node.broadcaster;
            say(broadcaster, 1);
            redis.command("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
            Await.until("it refuses", () -> {
                var failure = failure(broadcaster.publish("room", Message.text("no")));
                assertTrue(failure instanceof BroadcastException, failure.toString());
                return failure.getMessage().contains("READONLY")
                        || failure.getMessage().contains("no master");
            });
            redis.command("REPLICAOF", "NO", "ONE");
            Await.until("published", () -> published(broadcaster.publish("room", Message.text("yes"))));
        }
    }
}
