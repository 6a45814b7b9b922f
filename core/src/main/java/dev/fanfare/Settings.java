package dev.fanfare;

import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A hub's limits and choices, as {@link Hub.Builder} documents them. */
record Settings(
        String node,
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
        int lanes,
        Duration coalescing,
        Supplier<ScheduledExecutorService> timer,
        LongSupplier clock) {

    /** A run in flight has at most so many bytes, or one message. */
    static final int RUN_BYTES = 256 * 1024;

    private static final int MAX_NAME = 100;

    OverflowPolicy overflow(@Nullable String channel) {
        return channel == null ? overflow : overflowByChannel.getOrDefault(channel, overflow);
    }

    /** The defaults, to be changed before there is a hub. Not thread-safe. */
    static final class Draft {
        String node = randomName();
        HubListener listener = new HubListener() {};

        @Nullable
        Executor executor;

        OverflowPolicy overflow = OverflowPolicy.DISCONNECT;
        final Map<String, OverflowPolicy> overflowByChannel = new HashMap<>();
        int outboxMessages = 16_384;
        long outboxBytes = 4L << 20;
        int laneMessages = 65_536;
        long laneBytes = 64L << 20;
        long pinnedBytes = Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 4);
        int messageBytes = 1 << 20;
        Duration sendTimeout = Duration.ofSeconds(30);
        Duration broadcastTimeout = Duration.ofSeconds(5);
        Duration pingInterval = Duration.ofSeconds(25);
        Duration closeTimeout = Duration.ofSeconds(10);
        int lanes = Math.min(8, Math.max(1, Runtime.getRuntime().availableProcessors() / 4));
        Duration coalescing = Duration.ZERO;
        /** Tests have one of their own. */
        Supplier<ScheduledExecutorService> timer = () -> Workers.timer("fanfare-timer");

        /** What lanes measure their turns with, in nanoseconds; tests have one of their own. */
        LongSupplier clock = System::nanoTime;

        Settings settings() {
            return new Settings(
                    node,
                    listener,
                    executor,
                    overflow,
                    Map.copyOf(overflowByChannel),
                    outboxMessages,
                    outboxBytes,
                    laneMessages,
                    laneBytes,
                    pinnedBytes,
                    messageBytes,
                    sendTimeout,
                    broadcastTimeout,
                    pingInterval,
                    closeTimeout,
                    lanes,
                    coalescing,
                    timer,
                    clock);
        }
    }

    private static String randomName() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    /** What the log may call a node: on one line, and short. */
    static String node(String name) {
        if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("node name has " + name.length() + " characters: it must have 1 to "
                    + MAX_NAME + ", none of them a control character, not only blanks");
        }
        return name;
    }

    static long positive(String what, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " is " + value + ": it must be greater than 0");
        }
        return value;
    }

    /** From nothing to {@code most}. */
    static Duration upTo(Duration most, String what, Duration value) {
        if (value.isNegative() || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(what + " is " + value + ": it must be from 0 to " + most);
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
