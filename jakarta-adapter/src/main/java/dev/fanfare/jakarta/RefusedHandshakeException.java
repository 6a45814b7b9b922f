package dev.fanfare.jakarta;

/** A handshake that cannot become a session; the message says why, to the client. */
final class RefusedHandshakeException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedHandshakeException(String message) {
        super(message);
    }
}
