package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;
import java.util.List;

/** The frames of a session with the protocol: what they say to the application goes to its methods as if it was all that came. */
final class FrameReception {

    private static final long HELLO_BYTES = 65_536;

    private final Conversation conversation;
    private final List<Reception> methods;
    /** In bytes. A text is longer by its escapes, and the first frame may name many channels. */
    private final long limit;

    private StringBuilder parts = new StringBuilder(0);
    private long received;

    FrameReception(Conversation conversation, List<Reception> methods, int messageBytes) {
        this.conversation = conversation;
        this.methods = methods;
        this.limit = 2L * messageBytes + HELLO_BYTES;
    }

    /** Has {@code session} hand its frames in. In parts, for the reason that {@link Reception} gives. */
    void register(Session session) {
        session.addMessageHandler(String.class, (MessageHandler.Partial<String>) this::text);
        session.addMessageHandler(ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>)
                (part, last) -> conversation.refuse(CloseCodes.CANNOT_ACCEPT, "the frame is binary: it must be text"));
    }

    private void text(String part, boolean last) {
        received += Utf8.bytes(part);
        if (received > limit) {
            parts = new StringBuilder(0);
            conversation.refuse(CloseCodes.TOO_BIG, "the frame is too long: it must have at most " + limit + " bytes");
            return;
        }
        parts.append(part);
        if (last) {
            var frame = parts.toString();
            parts = new StringBuilder(0);
            received = 0;
            var data = conversation.receive(frame);
            if (data != null) {
                methods.forEach(method -> method.whole(data));
            }
        }
    }
}
