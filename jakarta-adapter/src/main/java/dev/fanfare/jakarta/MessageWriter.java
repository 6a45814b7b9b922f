package dev.fanfare.jakarta;

import dev.fanfare.Message;
import java.io.IOException;
import java.io.Writer;

/** A text that is sent when the writer is closed. Not thread-safe, but for what {@link Writer} itself locks. */
final class MessageWriter extends Writer {

    private final SessionView view;
    private final StringBuilder text = new StringBuilder();
    private boolean closed;

    MessageWriter(SessionView view) {
        this.view = view;
    }

    @Override
    public void write(char[] source, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the writer is closed");
        }
        if (!view.isAllowed(text.length() + (long) length)) {
            closed = true; // what is there is not the message
            throw new IOException(view.tooLong(text.length() + (long) length));
        }
        text.append(source, offset, length);
    }

    @Override
    public void flush() {
        // A part that left alone would keep what the hub sends waiting for the rest.
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            view.send(Message.text(text.toString()));
        }
    }
}
