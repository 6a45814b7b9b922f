package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An @OnMessage method of one session. Only texts, bytes and pongs are asked of the container, and those in parts, which
 * are put together here: Tomcat allocates room for the longest message in every session that sends one (2 MiB for a limit
 * of 1 MiB, measured on 11.0.27), however short. Everything else is made of them here, too, and what goes wrong reaches the
 * endpoint's @OnError with the session open, on every container alike.
 */
final class Reception {

    private final Connection connection;
    private final MessageMethod method;
    /** A limit in bytes; of a method that takes parts there is none but its own. */
    private final int limit;
    /** Bytes of the message of which parts have come. Containers call handlers of a session one at a time. */
    private long received;

    /** Parts that have come: null between messages, so that a session does not keep the room for a long one. */
    private @Nullable StringBuilder texts;

    private @Nullable ByteArrayOutputStream binaries;

    Reception(Connection connection, MessageMethod method, int messageBytes) {
        this.connection = connection;
        this.method = method;
        long own = method.limitBytes() < 0 ? Integer.MAX_VALUE : method.limitBytes();
        this.limit = (int) Math.min(own, method.partial() ? Integer.MAX_VALUE : messageBytes);
    }

    /** Has {@code session} hand its messages to the method. */
    void register(Session session) {
        MessageMethod.Inbound<String> text = method.text();
        if (text != null) {
            session.addMessageHandler(
                    String.class, (MessageHandler.Partial<String>) (part, last) -> text(text, part, last));
        }
        MessageMethod.Inbound<ByteBuffer> binary = method.binary();
        if (binary != null) {
            session.addMessageHandler(
                    ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>) (part, last) -> binary(binary, part, last));
        }
    }

    private void text(MessageMethod.Inbound<String> inbound, String part, boolean last) {
        if (tooLong(Utf8.bytes(part), last)) {
            texts = null;
        } else if (method.partial() || (last && texts == null)) {
            receive(inbound, part, last);
        } else {
            StringBuilder all = texts == null ? new StringBuilder(part.length()) : texts;
            all.append(part);
            texts = last ? null : all;
            if (last) {
                receive(inbound, all.toString(), true);
            }
        }
    }

    private void binary(MessageMethod.Inbound<ByteBuffer> inbound, ByteBuffer part, boolean last) {
        if (tooLong(part.remaining(), last)) {
            binaries = null;
        } else if (method.partial() || (last && binaries == null)) {
            receive(inbound, part, last);
        } else {
            ByteArrayOutputStream all = binaries == null ? new ByteArrayOutputStream(part.remaining()) : binaries;
            all.writeBytes(Coders.bytes(part));
            binaries = last ? null : all;
            if (last) {
                receive(inbound, ByteBuffer.wrap(all.toByteArray()), true);
            }
        }
    }

    /** Counts a part; closes the session if that was too much. */
    private boolean tooLong(long bytes, boolean last) {
        received += bytes;
        if (received > limit) {
            connection.close(CloseCodes.TOO_BIG, "a message has at most " + limit + " bytes");
            return true;
        }
        if (last) {
            received = 0;
        }
        return false;
    }

    /** Hands a text that came in one piece to the method if it takes texts. */
    void whole(String text) {
        MessageMethod.Inbound<String> inbound = method.text();
        if (inbound != null && !tooLong(Utf8.bytes(text), true)) {
            receive(inbound, text, true);
        }
    }

    /** Hands {@code pong} to the method if it takes pongs. */
    void pong(PongMessage pong) {
        if (method.pong()) {
            receive((message, coders) -> message, pong, true);
        }
    }

    private <F> void receive(MessageMethod.Inbound<F> inbound, F message, boolean last) {
        try {
            Object answer = connection.call(method.method(), inbound.of(message, connection.coders()), last);
            if (answer != null) {
                connection.returned(answer);
            }
        } catch (Throwable e) {
            connection.failed(e);
        }
    }
}
