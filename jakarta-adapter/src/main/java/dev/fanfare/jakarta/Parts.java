package dev.fanfare.jakarta;

import dev.fanfare.Message;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a message together that the application sends in parts. Nothing of it is sent before the last part: an application
 * that stopped in between would otherwise keep everything else from its session. Thread-safe.
 */
final class Parts {

    private final int limit;
    private @Nullable StringBuilder text;
    private @Nullable ByteArrayOutputStream binary;

    /** Of messages up to {@code limit} bytes. */
    Parts(int limit) {
        this.limit = limit;
    }

    /** The whole message, or null if {@code part} is not its last. */
    synchronized @Nullable Message text(String part, boolean last) {
        if (binary != null) {
            throw new IllegalStateException("a binary message has not got its last part yet");
        }
        StringBuilder whole = text == null ? new StringBuilder() : text;
        check(whole.length() + (long) part.length());
        whole.append(part);
        text = last ? null : whole;
        return last ? Message.text(whole.toString()) : null;
    }

    /** The same for a binary message. */
    synchronized @Nullable Message binary(ByteBuffer part, boolean last) {
        if (text != null) {
            throw new IllegalStateException("a text has not got its last part yet");
        }
        ByteArrayOutputStream whole = binary == null ? new ByteArrayOutputStream() : binary;
        check(whole.size() + (long) part.remaining());
        whole.writeBytes(Coders.bytes(part));
        binary = last ? null : whole;
        return last ? Message.binary(ByteBuffer.wrap(whole.toByteArray())) : null;
    }

    private void check(long length) {
        if (length > limit) {
            text = null;
            binary = null;
            throw new IllegalArgumentException("the message has more than " + limit + " bytes: at most " + limit
                    + " are allowed (Builder.messageBytes)");
        }
    }
}
