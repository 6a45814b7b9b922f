package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.Broadcaster;
import dev.fanfare.BroadcasterContract;
import dev.fanfare.fixtures.RedisForTests;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract over Redis, and what Redis adds to it as long as nothing fails. */
class RedisBroadcasterTest extends BroadcasterContract {

    @Override
    protected List<? extends Broadcaster> nodes(int count) {
        return Stream.generate(() -> RedisBroadcaster.builder()
                        .uri(RedisForTests.uri())
                        // So short that flapping meets every phase of leaving.
                        .linger(Duration.ofMillis(1))
                        .build())
                .limit(count)
                .toList();
    }

    @Test
    void rawTextOfOtherProgramsArrivesAsText() {
        try (var broadcaster = RedisBroadcaster.connect(RedisForTests.uri());
                var raw = RedisForTests.raw()) {
            var node = Node.start(broadcaster);
            var channel = channel();
            node.join(channel);
            raw.command("PUBLISH", channel, "hello \uD83C\uDFBA");
            raw.command("PUBLISH", channel, "");
            node.awaitTexts(channel, 2);
            assertEquals(List.of("hello \uD83C\uDFBA", ""), node.texts(channel));
        }
    }

    @Test
    void plainTextIsRawForOtherPrograms() {
        try (var broadcaster = RedisBroadcaster.connect(RedisForTests.uri());
                var raw = RedisForTests.raw()) {
            var node = Node.start(broadcaster);
            var channel = channel();
            assertEquals("subscribe\n" + channel + "\n1", raw.command("SUBSCRIBE", channel));
            assertEquals(1, node.publish(channel, "hello \uD83C\uDFBA").join().receivers());
            assertEquals("message\n" + channel + "\nhello \uD83C\uDFBA", raw.reply());
        }
    }

    @Test
    void hostileBytesAreReportedAndTheLoopGoesOn() {
        try (var broadcaster = RedisBroadcaster.connect(RedisForTests.uri());
                var raw = RedisForTests.raw()) {
            var node = Node.start(broadcaster);
            var channel = channel();
            node.join(channel);
            var hostile = List.of(
                    new byte[] {(byte) 0xC3, 0x28},
                    new byte[] {(byte) 0xFF},
                    new byte[] {(byte) 0xFF, 'F', 'A', 'N'},
                    new byte[] {(byte) 0xFF, 'F', 'A', 'N', 1, 3, 0},
                    new byte[] {(byte) 0xFF, 'F', 'A', 'N', 1, 1, 3, 127, -1, -1, -1});
            for (var bytes : hostile) {
                raw.publish(channel, bytes);
            }
            raw.command("PUBLISH", channel, "still here");
            node.awaitTexts(channel, 1);
            assertEquals(hostile.size(), node.unreadable.size(), node.unreadable::toString);
        }
    }

    @Test
    void aPrefixKeepsApplicationsApart() {
        try (var one = RedisBroadcaster.builder()
                        .uri(RedisForTests.uri())
                        .prefix("one:")
                        .build();
                var two = RedisBroadcaster.builder()
                        .uri(RedisForTests.uri())
                        .prefix("two:")
                        .build();
                var raw = RedisForTests.raw()) {
            var channel = channel();
            var first = Node.start(one);
            var second = Node.start(two);
            first.join(channel);
            second.join(channel);
            assertEquals(1, second.publish(channel, "for two").join().receivers());
            raw.command("PUBLISH", "one:" + channel, "for one");
            first.awaitTexts(channel, 1);
            second.awaitTexts(channel, 1);
            assertEquals(List.of("for one"), first.texts(channel));
        }
    }

    @Test
    void tenThousandChannelsUseTheThreadsAndConnectionsOfOne() {
        var name = "ten-thousand-" + channel();
        try (var broadcaster =
                        RedisBroadcaster.builder().uri(RedisForTests.uri()).build();
                var raw = RedisForTests.raw()) {
            var node = Node.start(broadcaster);
            node.join(name);
            node.publish(name, "connected").join();
            var threads = threads();
            var clients = clients(raw.command("CLIENT", "LIST"));
            var joins = Stream.iterate(0, n -> n < 10_000, n -> n + 1)
                    .map(n -> broadcaster.subscribe(name + n))
                    .toList();
            joins.forEach(join -> join.join());
            for (int n = 0; n < 10_000; n += 1_111) {
                raw.command("PUBLISH", name + n, "hello");
                node.awaitTexts(name + n, 1);
            }
            assertEquals(threads, threads());
            assertEquals(clients, clients(raw.command("CLIENT", "LIST")));
        }
    }

    private static long clients(String list) {
        return list.lines().filter(line -> !line.isBlank()).count();
    }
}
