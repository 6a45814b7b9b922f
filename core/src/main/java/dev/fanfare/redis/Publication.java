package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

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

    /** What to write, once it is; of whoever writes it. */
    private Supplier<byte[][]> command;

    /** What to write if Redis does not know the script, which is then executed for the first time. */
    private final @Nullable Supplier<byte[][]> otherwise;

    private final long bytes;

    private Publication(
            String channel,
            long deadlineNanos,
            long bytes,
            @Nullable Consumer<Object> answer,
            Supplier<byte[][]> command,
            @Nullable Supplier<byte[][]> otherwise) {
        this.channel = channel;
        this.answer = answer == null ? this::kept : answer;
        this.deadlineNanos = deadlineNanos;
        this.bytes = bytes;
        this.command = command;
        this.otherwise = otherwise;
    }

    private Publication(String channel, long deadlineNanos, Consumer<Object> answer, byte[]... command) {
        this(channel, deadlineNanos, size(command), answer, () -> command, null);
    }

    /** One to a channel with history: what {@code command} says when it is written. */
    static Publication kept(
            String channel, long bytes, Supplier<byte[][]> command, Supplier<byte[][]> otherwise, long deadlineNanos) {
        return new Publication(channel, deadlineNanos, bytes, null, command, otherwise);
    }

    /** Whether Redis did nothing, as {@code error} says, because it lost the script: then the next attempt brings it along. */
    boolean bringsScript(JedisDataException error) {
        var message = String.valueOf(error.getMessage());
        if (otherwise == null || !(message.startsWith("NOSCRIPT") || message.contains("Function not found"))) {
            return false;
        }
        command = otherwise;
        return true;
    }

    private void kept(Object reply) {
        var receipt = HistoryCalls.receipt(reply);
        if (receipt == null) {
            outcome.completeExceptionally(new BroadcastException("Redis gave an answer that is none of its Function"));
        } else {
            outcome.complete(receipt);
        }
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

    private static long size(byte[]... command) {
        long bytes = 0;
        for (var argument : command) {
            bytes += argument.length;
        }
        return bytes;
    }

    long bytes() {
        return bytes;
    }

    void addTo(CommandBuffer buffer) {
        buffer.add(command.get());
    }
}
