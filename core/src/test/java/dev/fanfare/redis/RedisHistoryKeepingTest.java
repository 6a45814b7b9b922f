package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Gap;
import dev.fanfare.History;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Receipt;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What Redis keeps, for how long, and in which order. */
class RedisHistoryKeepingTest extends OwnHistory {

    private static final Duration SHORT = Duration.ofSeconds(1);

    private RedisBroadcaster forgetful() {
        return (RedisBroadcaster) node(quick(redis.port()).history("room", 1_000_000, SHORT)).broadcaster;
    }

    private long number(String... command) {
        return Long.parseLong(redis.command(command));
    }

    @Test
    void whatIsOlderThanItsAgeIsTrimmedAndNothingYounger() throws Exception {
        var broadcaster = forgetful();
        List<Long> sent = new ArrayList<>(); // when, by offset - 1
        History.Page page;
        int oldest = 1;
        boolean trimmed;
        do {
            sent.add(System.nanoTime());
            say(broadcaster, sent.size());
            page = after(broadcaster, Position.START, 1);
            int before = oldest;
            oldest = (int) page.entries().get(0).position().offset();
            if (oldest > 1) {
                long age = System.nanoTime() - sent.get(oldest - 2);
                assertTrue(age >= SHORT.minusMillis(10).toNanos(), "gone after " + age / 1_000_000 + " ms");
            }
            trimmed =
                    oldest > before && oldest < sent.size(); // all but the last: this test was halted, and all expired
        } while (!trimmed);
        assertEquals(Gap.Reason.HISTORY_TRIMMED, page.gap());
        assertEquals(OptionalLong.of(oldest - 1), page.lost());
    }

    @Test
    void aChannelWhereNothingComesIsForgottenAndItsPositionsAreNot() throws Exception {
        var broadcaster = forgetful();
        var first = say(broadcaster, 1);
        var second = say(broadcaster, 2);
        assertTrue(number("PTTL", STREAM) <= 1_250);
        assertTrue(number("PTTL", META) > 3_500_000);
        Await.until("its messages are gone", () -> number("EXISTS", STREAM) == 0);
        var page = after(broadcaster, first, 10);
        assertEquals(new History.Page(List.of(), second, second, Gap.Reason.HISTORY_TRIMMED, OptionalLong.of(1)), page);
        assertNull(after(broadcaster, second, 10).gap());
        assertEquals(new Position(first.epoch(), 3), say(broadcaster, 3));
        assertEquals(numbers(3, 3), texts(after(broadcaster, second, 10)));
    }

    @Test
    void epochsAreKeptAsLongAsANodeListensOrAsks() throws Exception {
        var broadcaster = started();
        say(broadcaster, 1);
        redis.command("PEXPIRE", META, "60000");
        after(broadcaster, Position.START, 1);
        assertTrue(number("PTTL", META) > 7_000_000);
    }

    @Test
    void thirtyTwoEpochsAreKnownAndTheOldestIsForgottenFirst() throws Exception {
        var broadcaster = started();
        List<Position> said = new ArrayList<>();
        for (int i = 1; i <= 35; i++) {
            said.add(say(broadcaster, i));
            redis.command("HSET", META, "run", "another");
        }
        var epochs = said.stream().map(Position::epoch).distinct().toList();
        assertEquals(35, epochs.size());
        assertEquals(epochs.stream().sorted().toList(), epochs);
        // 32 before the last one.
        assertEquals(
                Gap.Reason.HISTORY_LOST, after(broadcaster, said.get(1), 100).gap());
        var page = after(broadcaster, said.get(2), 100);
        assertNull(page.gap());
        assertEquals(numbers(4, 35), texts(page));
    }

    @Test
    void anEpochIsGreaterThanThoseBeforeAlsoIfTheClockWentBack() throws Exception {
        var broadcaster = started();
        say(broadcaster, 1);
        var future = "8999999999999999123";
        redis.command("HSET", META, "epoch", future, "run", "another");
        var next = say(broadcaster, 2);
        assertTrue(next.epoch() > Long.parseLong(future), next.toString());
        assertEquals(numbers(2, 2), texts(after(broadcaster, new Position(Long.parseLong(future), 1), 10)));
    }

    @Test
    void aRedisThatIsFullRefusesAndKeepsWhatItHas() throws Exception {
        var broadcaster = started();
        var first = say(broadcaster, 1);
        say(broadcaster, 2);
        redis.command("CONFIG", "SET", "maxmemory", "1");
        for (var node : List.of(broadcaster, (RedisBroadcaster) node(kept().scriptsOnly()).broadcaster)) {
            var failure = assertInstanceOf(
                    BroadcastException.Refused.class, failure(node.publish("room", Message.text("no"))));
            assertSays("OOM", failure);
        }
        redis.command("CONFIG", "SET", "maxmemory", "0");
        assertEquals(new Position(first.epoch(), 3), say(broadcaster, 3));
        assertEquals(numbers(1, 3), texts(after(broadcaster, Position.START, 10)));
    }

    @Test
    void whatIsOnItsWayWhenFunctionsAndScriptsAreFlushedKeepsItsOrder() throws Exception {
        for (var builder : List.of(kept(), kept().scriptsOnly())) {
            var patient = builder.history("room", 5_000, Duration.ofHours(1)).publishTimeout(Duration.ofSeconds(30));
            var broadcaster = (RedisBroadcaster) node(patient).broadcaster;
            var start = say(broadcaster, 0);
            var sent = new AtomicBoolean();
            var flushing = CompletableFuture.runAsync(() -> {
                try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
                    while (!sent.get()) {
                        raw.command("FUNCTION", "FLUSH");
                        raw.command("SCRIPT", "FLUSH");
                    }
                }
            });
            List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
            for (int i = 1; i <= 3_000; i++) {
                receipts.add(broadcaster.publish("room", Message.text("" + i)));
            }
            for (int i = 1; i <= receipts.size(); i++) {
                var position = receipts.get(i - 1).get(30, TimeUnit.SECONDS).position();
                assertEquals(new Position(start.epoch(), start.offset() + i), position.orElseThrow());
            }
            sent.set(true);
            flushing.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void largeMessagesAreReadInPagesThatAreNotLarge() throws Exception {
        var broadcaster = started();
        var text = "x".repeat(200_000);
        for (int i = 1; i <= 30; i++) {
            broadcaster.publish("room", Message.text(i + text)).get(10, TimeUnit.SECONDS);
        }
        List<Integer> sizes = new ArrayList<>();
        int number = 0;
        var from = Position.START;
        for (boolean last = false; !last; ) {
            var page = after(broadcaster, from, 1_000);
            for (var message : texts(page)) {
                assertTrue(message.startsWith(++number + "x"));
            }
            sizes.add(page.entries().size());
            from = page.end();
            last = page.isLast();
        }
        assertEquals(30, number);
        // Of the second time on, because it does not know before how large they are.
        var again = after(broadcaster, Position.START, 1_000);
        assertTrue(
                again.entries().size() <= 10, sizes + " and " + again.entries().size());
        assertEquals(again.top(), from);
    }

    @Test
    void aPositionBetweenEpochsGoesOnWithTheNextAndGapsAreCountedAcrossThem() throws Exception {
        var broadcaster = started();
        var first = say(broadcaster, 1);
        var second = say(broadcaster, 2);
        redis.command("HSET", META, "run", "another");
        var third = say(broadcaster, 3);
        say(broadcaster, 4);
        assertEquals(numbers(1, 4), texts(after(broadcaster, Position.START, 10)));
        assertEquals(numbers(3, 4), texts(after(broadcaster, second, 10)));
        assertEquals(numbers(3, 3), texts(after(broadcaster, second, 1)));
        redis.command("XTRIM", STREAM, "MINID", new Position(third.epoch(), 2).toString());
        var trimmed = after(broadcaster, first, 10);
        assertEquals(OptionalLong.of(2), trimmed.lost());
        assertEquals(numbers(4, 4), texts(trimmed));
        redis.command("DEL", STREAM);
        var nothing = after(broadcaster, first, 10);
        assertEquals(OptionalLong.of(3), nothing.lost());
        assertEquals(new Position(third.epoch(), 2), nothing.end());
        // An epoch between them that nobody knows.
        var unknown = after(broadcaster, new Position(first.epoch() + 1, 7), 10);
        assertEquals(Gap.Reason.HISTORY_LOST, unknown.gap());
    }
}
