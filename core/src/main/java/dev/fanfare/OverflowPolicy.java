package dev.fanfare;

/**
 * What happens to the messages of a channel that wait in a session's outbox when the outbox is full. Never touches the
 * run that is being sent.
 */
public enum OverflowPolicy {
    /** The session is closed with 1013 (Try Again Later): the client reconnects instead of missing messages unknowingly. */
    DISCONNECT,
    /** The channel's oldest waiting messages make room for the new one. */
    DROP_OLDEST,
    /** The new message is dropped. */
    DROP_NEWEST,
    /**
     * A waiting message with the same {@linkplain Message.Attributes#key() key} makes room for the new one; if there is
     * none, the channel's oldest waiting message does.
     */
    KEEP_LATEST
}
