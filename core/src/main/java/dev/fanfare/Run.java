package dev.fanfare;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * An immutable sequence of messages that go to a session in one write where its container allows that, in this order.
 * The messages, and their frames, are shared by all sessions that get them. Thread-safe.
 */
public final class Run {

    private final List<Message> messages;
    private final long bytes;
    private final Frames frames;
    /** The index of the first message in {@link #frames}. */
    private final int offset;

    /** One message. */
    static Run of(Message message) {
        return new Run(List.of(message));
    }

    /**
     * The given messages. Runs come from the hub; this is for adapters that try how their container sends them.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Run of(List<Message> messages) {
        return new Run(messages);
    }

    /** The given messages, at least one. */
    Run(List<Message> messages) {
        this.messages = List.copyOf(messages);
        this.bytes = sizeOf(this.messages);
        this.frames = new Frames(this.messages);
        this.offset = 0;
    }

    private Run(List<Message> messages, Frames frames, int offset) {
        this.messages = messages;
        this.bytes = sizeOf(messages);
        this.frames = frames;
        this.offset = offset;
    }

    private static long sizeOf(List<Message> messages) {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a run has at least one message");
        }
        long sum = 0;
        for (var message : messages) {
            sum += message.size();
        }
        return sum;
    }

    /** The messages, in the order in which they are sent. */
    public List<Message> messages() {
        return messages;
    }

    /**
     * The messages as a WebSocket server without extensions writes them: each in one final, unmasked frame, one behind the
     * other. They are framed once, for all sessions and all slices. A fresh view; its position is the caller's, its contents
     * are not: it is not read-only only because some containers lose read-only buffers, so do not write to it.
     */
    public ByteBuffer frames() {
        return frames.view(offset, offset + size());
    }

    /** The length of all payloads together. */
    public long bytes() {
        return bytes;
    }

    /** How many messages. */
    public int size() {
        return messages.size();
    }

    /** The messages from index {@code from} to before {@code to}, over the same memory. */
    public Run slice(int from, int to) {
        return from == 0 && to == size() ? this : new Run(messages.subList(from, to), frames, offset + from);
    }

    @Override
    public String toString() {
        return "Run[" + size() + " messages, " + bytes + " bytes]";
    }
}
