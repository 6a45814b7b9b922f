package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two hubs on channels with a history, one of which does not get all of what the other sends. */
abstract class HistoryHubs {

    final Told told = new Told();
    final LocalBroadcaster carrier = LocalBroadcaster.create()
            .history("room.*", 100, Duration.ofHours(1))
            .history("busy", 10_000, Duration.ofHours(1));
    final LossyBroadcaster lossy = new LossyBroadcaster(carrier.peer());
    Hub other;
    Hub hub;

    /** Of the hub that loses. */
    void configure(Hub.Builder builder) {}

    @BeforeEach
    void start() {
        other = Hub.create(carrier);
        var builder = Hub.builder(lossy).listener(told);
        configure(builder);
        hub = builder.build();
    }

    @AfterEach
    void close() {
        hub.close();
        other.close();
    }

    Position say(int number) throws Exception {
        return get(other.broadcast("room.1", Integer.toString(number)))
                .position()
                .orElseThrow();
    }

    static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    static void awaitExactly(RecordingSession session, List<String> texts) {
        Await.until("everything came", () -> session.count() >= texts.size());
        assertEquals(texts, session.texts());
    }
}
