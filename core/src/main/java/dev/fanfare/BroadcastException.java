package dev.fanfare;

import org.jspecify.annotations.Nullable;

/**
 * A message was not broadcast, or nobody can tell whether it was. Thread-safe, like every exception.
 *
 * <p>The nested classes are the cases in which a caller would act differently; everything else (Redis unreachable, the
 * hub closed meanwhile) is this class itself, and its message says what to do.
 */
public class BroadcastException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A failure that {@code message} explains. */
    public BroadcastException(String message) {
        super(message);
    }

    /** A failure that {@code message} explains and {@code cause} brought about. */
    public BroadcastException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The carrier understood the request and said no, for example for want of rights; nothing was delivered. */
    public static final class Refused extends BroadcastException {
        private static final long serialVersionUID = 1L;

        /** A refusal that {@code message} explains. */
        public Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The message was written but never answered: it may or may not have been delivered, and is not sent again. */
    public static final class UnknownOutcome extends BroadcastException {
        private static final long serialVersionUID = 1L;

        /** An unknown outcome that {@code message} explains. */
        public UnknownOutcome(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The queue of messages waiting to be published is full; this one was not taken, nothing was delivered. */
    public static final class QueueFull extends BroadcastException {
        private static final long serialVersionUID = 1L;

        /** A full queue that {@code message} describes with its limits. */
        public QueueFull(String message) {
            super(message);
        }
    }

    /** The carrier can be reached but not used until somebody changes the configuration, as the message says. */
    public static final class Misconfigured extends BroadcastException {
        private static final long serialVersionUID = 1L;

        /** A wrong configuration with its remedy in {@code message}. */
        public Misconfigured(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
