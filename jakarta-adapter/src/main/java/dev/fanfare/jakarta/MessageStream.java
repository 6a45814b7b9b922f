package dev.fanfare.jakarta;

import dev.fanfare.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A binary message that is sent when the stream is closed. Not thread-safe. */
final class MessageStream extends OutputStream {

    private final SessionView view;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean closed;

    MessageStream(SessionView view) {
        this.view = view;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (!view.isAllowed(bytes.size() + (long) length)) {
            closed = true; // what is there is not the message
            throw new IOException(view.tooLong(bytes.size() + (long) length));
        }
        bytes.write(source, offset, length);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            view.send(Message.binary(ByteBuffer.wrap(bytes.toByteArray())));
        }
    }
}
