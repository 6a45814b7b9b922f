package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the broadcaster says about itself reaches the listener and the counters. */
class StateTest {

    private final ManualBroadcaster carrier = new ManualBroadcaster();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Hub hub = Hub.builder(carrier).listener(new Telling()).build();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void everyStepIsToldInOrderAndReconnectsAreCounted() {
        var cause = new BroadcastException("gone");
        carrier.receiver().state(Broadcaster.State.LIVE, null);
        carrier.receiver().state(Broadcaster.State.DOWN, cause);
        carrier.receiver().state(Broadcaster.State.BACKOFF, cause);
        assertEquals(0, hub.stats().reconnects());
        carrier.receiver().state(Broadcaster.State.LIVE, null);
        assertEquals(1, hub.stats().reconnects());
        Await.until("everything is told", () -> told.size() == 7);
        assertEquals(List.of("LIVE", "up", "DOWN gone", "down", "BACKOFF gone", "LIVE", "up"), told);
    }

    @Test
    void uncertainBroadcastsAreToldAndCounted() {
        carrier.receiver().uncertain("chat", 3, Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        assertEquals(3, hub.stats().broadcastsUncertain());
        Await.until("it is told", () -> told.equals(List.of("3 to chat 1970-01-01T00:00:00Z 1970-01-01T00:00:01Z")));
    }

    private final class Telling implements HubListener {

        @Override
        public void broadcasterState(Broadcaster.State state, @Nullable BroadcastException cause) {
            told.add(state + (cause == null ? "" : " " + cause.getMessage()));
        }

        @Override
        public void broadcasterUp() {
            told.add("up");
        }

        @Override
        public void broadcasterDown(BroadcastException cause) {
            told.add("down");
        }

        @Override
        public void broadcastsUncertain(String channel, long messages, Instant from, Instant to) {
            told.add(messages + " to " + channel + " " + from + " " + to);
        }
    }
}
