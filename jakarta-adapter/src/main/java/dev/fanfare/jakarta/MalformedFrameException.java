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
        var text = cut(String.valueOf(value));
        return value instanceof String ? '"' + text + '"' : text;
    }

    /** The same of a part of the frame as it came. */
    static String cut(String part) {
        var start = part.length() > SHOWN ? Utf8.cut(part, SHOWN) + "…" : part;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
