package dev.fanfare;

/**
 * Turns the events of a {@link Channel} into messages and back. Thread-safe implementations only: both methods are called
 * on several threads, never on one of the hub's own that carries messages, so they may take their time at the expense of
 * their own channel.
 *
 * @param <T> the type of the events, which are best immutable: all renderers and handlers of a node see the same object
 */
public interface Codec<T> {

    /**
     * The message that stands for {@code event}, text in most cases: text is plain text for other programs, and for
     * sessions that join without a renderer. Its attributes travel along, and hold for what renderers make of it.
     *
     * @throws RuntimeException if the event cannot be encoded; whoever broadcasts it gets the exception
     */
    Message encode(T event);

    /**
     * The event that {@code message} stands for. Whoever may write to the carrier may have written it.
     *
     * @throws RuntimeException if it stands for none; the message is then skipped, and counted and reported as such
     */
    T decode(Message message);
}
