package dev.fanfare;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A hub's limits and choices, as {@link Hub.Builder} documents them. */
record Settings(
        HubListener listener,
        @Nullable Executor executor,
        OverflowPolicy overflow,
        Map<String, OverflowPolicy> overflowByChannel,
        int outboxMessages,
        long outboxBytes,
        int laneMessages,
        long laneBytes,
        long pinnedBytes,
        int messageBytes,
        Duration sendTimeout,
        Duration broadcastTimeout,
        Duration pingInterval,
        Duration closeTimeout,
        int lanes) {

    /** A run in flight has at most so many bytes, or one message. */
    static final int RUN_BYTES = 256 * 1024;

    OverflowPolicy overflow(@Nullable String channel) {
        return channel == null ? overflow : overflowByChannel.getOrDefault(channel, overflow);
    }

    static long positive(String what, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " is " + value + ": it must be greater than 0");
        }
        return value;
    }

    static Duration positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " is " + value + ": it must be longer than 0");
        }
        return value;
    }
}
