package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.Gap;
import dev.fanfare.History;
import dev.fanfare.Hub;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A Redis for each test that keeps what is published on {@code room}. */
abstract class OwnHistory extends OwnRedis {

    static final String META = "\u0001meta:{room}";
    static final String STREAM = "\u0001stream:{room}";

    RedisBroadcaster.Builder kept() {
        return quick(redis.port()).history("room*", 1_000, Duration.ofHours(1));
    }

    RedisBroadcaster started() {
        return (RedisBroadcaster) node(kept()).broadcaster;
    }

    static Position say(RedisBroadcaster broadcaster, int number) throws Exception {
        return broadcaster
                .publish("room", Message.text("" + number))
                .get(10, TimeUnit.SECONDS)
                .position()
                .orElseThrow();
    }

    static History.Page after(RedisBroadcaster broadcaster, Position position, int limit) throws Exception {
        return broadcaster.after("room", position, limit).get(10, TimeUnit.SECONDS);
    }

    static List<String> texts(History.Page page) {
        return page.entries().stream()
                .map(entry -> ((Message.Text) entry.message()).text())
                .toList();
    }

    static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    /** Everything that one node hears on the channel. */
    final class Listening {
        final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Gap> gaps = new ConcurrentLinkedQueue<>();
        final Hub hub;

        Listening(RedisBroadcaster.Builder builder) throws Exception {
            hub = Hub.create(builder.build());
            opened.add(hub);
            hub.subscribe("room", message -> texts.add(((Message.Text) message).text()), gaps::add)
                    .ready()
                    .get(20, TimeUnit.SECONDS);
        }

        void awaitExactly(List<String> expected) {
            Await.until("the last one came", () -> texts.contains(expected.get(expected.size() - 1)));
            assertEquals(expected, List.copyOf(texts));
        }
    }
}
