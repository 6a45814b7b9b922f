package dev.fanfare.jakarta;

import org.jspecify.annotations.Nullable;

/** Thrown where a frame is none of the protocol; the message is for whoever wrote the client, with the value and the rule. */
final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1;

    private static final int SHOWN = 40;

    MalformedFrameException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** A value of the client's for a message: short, and without characters that would garble a log. */
    static String shown(@Nullable Object value) {
        var text = String.valueOf(value);
        var start = text.length() > SHOWN ? Utf8.cut(text, SHOWN) + "…" : text;
        var safe = start.replaceAll("\\p{Cntrl}", "?");
        return value instanceof String ? '"' + safe + '"' : safe;
    }
}
