package dev.fanfare.redis;

import dev.fanfare.Receipt;
import java.util.concurrent.CompletableFuture;

/** One message on its way to Redis, or a PING in its place. */
final class Publication {

    private static final byte[] PUBLISH = {'P', 'U', 'B', 'L', 'I', 'S', 'H'};
    private static final byte[] PING = {'P', 'I', 'N', 'G'};

    final String channel;
    final CompletableFuture<Receipt> outcome = new CompletableFuture<>();

    /** When its outcome must be known. */
    final long deadlineNanos;

    /** When it was handed to the writer. */
    long writtenNanos;

    private final byte[][] command;

    private Publication(String channel, long deadlineNanos, byte[]... command) {
        this.channel = channel;
        this.deadlineNanos = deadlineNanos;
        this.command = command;
    }

    static Publication of(String channel, byte[] wire, byte[] payload, long deadlineNanos) {
        return new Publication(channel, deadlineNanos, PUBLISH, wire, payload);
    }

    static Publication ping(long deadlineNanos) {
        return new Publication("", deadlineNanos, PING);
    }

    long bytes() {
        long bytes = 0;
        for (var argument : command) {
            bytes += argument.length;
        }
        return bytes;
    }

    void addTo(CommandBuffer buffer) {
        buffer.add(command);
    }
}
