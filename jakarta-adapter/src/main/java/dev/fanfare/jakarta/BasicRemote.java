package dev.fanfare.jakarta;

import dev.fanfare.Message;
import jakarta.websocket.EncodeException;
import jakarta.websocket.RemoteEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;

/** Sends through the outbox and waits for it. Parts become one message, which leaves with the last of them. Thread-safe. */
final class BasicRemote extends Remote implements RemoteEndpoint.Basic {

    private final Parts parts;

    BasicRemote(SessionView view, Parts parts) {
        super(view);
        this.parts = parts;
    }

    @Override
    public void sendText(String text) throws IOException {
        view.send(Message.text(required(text, "text")));
    }

    @Override
    public void sendBinary(ByteBuffer binary) throws IOException {
        view.send(Message.binary(required(binary, "binary")));
    }

    @Override
    public void sendText(String part, boolean last) throws IOException {
        Message whole = parts.text(required(part, "part"), last);
        if (whole != null) {
            view.send(whole);
        }
    }

    @Override
    public void sendBinary(ByteBuffer part, boolean last) throws IOException {
        Message whole = parts.binary(required(part, "part"), last);
        if (whole != null) {
            view.send(whole);
        }
    }

    @Override
    public OutputStream getSendStream() {
        return new MessageStream(view);
    }

    @Override
    public Writer getSendWriter() {
        return new MessageWriter(view);
    }

    @Override
    public void sendObject(Object object) throws IOException, EncodeException {
        view.send(view.encode(required(object, "object")));
    }
}
