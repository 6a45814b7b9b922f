package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason.CloseCodes;

/** A handshake that cannot become a session; the message says why, to the client. */
final class RefusedHandshakeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    private RefusedHandshakeException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Something is missing or against the rules. */
    RefusedHandshakeException(String message) {
        this(400, message);
    }

    /** It may not come from where, or from whom, it comes. */
    static RefusedHandshakeException forbidden(String message) {
        return new RefusedHandshakeException(403, message);
    }

    /** Nobody knows whether it may. */
    static RefusedHandshakeException failed(String message) {
        return new RefusedHandshakeException(500, message);
    }

    /** What HTTP says for it. */
    int status() {
        return status;
    }

    /** What a close frame says for it. */
    CloseCodes closeCode() {
        return status == 500 ? CloseCodes.UNEXPECTED_CONDITION : CloseCodes.VIOLATED_POLICY;
    }
}
