package dev.fanfare;

import java.util.List;

/**
 * An immutable sequence of messages that go to a session in one write where its container allows that, in this order.
 * The messages are shared by all sessions that get them. Thread-safe.
 */
public final class Run {

    private final List<Message> messages;
    private final long bytes;

    /** One message. */
    static Run of(Message message) {
        return new Run(List.of(message));
    }

    /** The given messages, at least one. */
    Run(List<Message> messages) {
        this.messages = List.copyOf(messages);
        if (this.messages.isEmpty()) {
            throw new IllegalArgumentException("a run has at least one message");
        }
        long sum = 0;
        for (var message : this.messages) {
            sum += message.size();
        }
        this.bytes = sum;
    }

    /** The messages, in the order in which they are sent. */
    public List<Message> messages() {
        return messages;
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
        return from == 0 && to == size() ? this : new Run(messages.subList(from, to));
    }

    @Override
    public String toString() {
        return "Run[" + size() + " messages, " + bytes + " bytes]";
    }
}
