package dev.fanfare.redis;

import dev.fanfare.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One message on its way to Redis, or a question of our own in its place. */
final class Publication {

    private static final byte[] PUBLISH = {'P', 'U', 'B', 'L', 'I', 'S', 'H'};
    private static final byte[] SPUBLISH = {'S', 'P', 'U', 'B', 'L', 'I', 'S', 'H'};
    private static final byte[] PING = {'P', 'I', 'N', 'G'};
    private static final byte[] ROLE = {'R', 'O', 'L', 'E'};

    /** Empty for everything that is not a message of the application. */
    final String channel;

    final CompletableFuture<Receipt> outcome = new CompletableFuture<>();

    /** Takes an answer that is no number. */
    final Consumer<Object> answer;

    /** When it must be written, or its outcome known; changes on its way from one to the other, under both locks. */
    long deadlineNanos;

    /** When it was handed to the writer. */
    long writtenNanos;

    /** Where it stands among those of its {@link Slot}, which guards both. */
    long sequence;

    /** Whether a server of the cluster has it. */
    boolean out;

    private final byte[][] command;

    private Publication(String channel, long deadlineNanos, Consumer<Object> answer, byte[]... command) {
        this.channel = channel;
        this.answer = answer;
        this.deadlineNanos = deadlineNanos;
        this.command = command;
    }

    static Publication of(String channel, byte[] wire, byte[] payload, long deadlineNanos) {
        return new Publication(channel, deadlineNanos, answer -> {}, PUBLISH, wire, payload);
    }

    static Publication sharded(String channel, byte[] wire, byte[] payload, long deadlineNanos) {
        return new Publication(channel, deadlineNanos, answer -> {}, SPUBLISH, wire, payload);
    }

    static Publication ping(long deadlineNanos) {
        return new Publication("", deadlineNanos, answer -> {}, PING);
    }

    static Publication role(long deadlineNanos, Consumer<Object> answer) {
        return new Publication("", deadlineNanos, answer, ROLE);
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
