package dev.fanfare.jakarta;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.mockito.ArgumentMatchers;

/** A container's session with an endpoint, as far as the container calls the endpoint and its handlers. */
final class FakeSession {

    final Session session = mock(Session.class, withSettings().stubOnly());
    final List<Object> sent = new CopyOnWriteArrayList<>();
    final List<Integer> closes = new CopyOnWriteArrayList<>();
    final Endpoint endpoint;
    private volatile boolean deaf;
    private final Map<Class<?>, MessageHandler> handlers = new HashMap<>();

    FakeSession(ServerEndpointConfig config, Map<String, String> path) throws InstantiationException, IOException {
        RemoteEndpoint.Async remote =
                mock(RemoteEndpoint.Async.class, withSettings().stubOnly());
        when(session.getAsyncRemote()).thenReturn(remote);
        when(session.getPathParameters()).thenReturn(path);
        when(session.getQueryString()).thenReturn("name=Ada+L%C3%B6we%26&name=second&flag&bad=%zz&%zz=bad");
        when(session.isOpen()).thenReturn(true);
        doAnswer(call -> handlers.put(call.getArgument(0), call.getArgument(1)))
                .when(session)
                .addMessageHandler(any(), ArgumentMatchers.<MessageHandler.Whole<Object>>any());
        doAnswer(call -> handlers.put(call.getArgument(0), call.getArgument(1)))
                .when(session)
                .addMessageHandler(any(), ArgumentMatchers.<MessageHandler.Partial<Object>>any());
        doAnswer(call -> send(call.getArgument(0), call.getArgument(1)))
                .when(remote)
                .sendText(any(), any());
        doAnswer(call -> send(call.getArgument(0), call.getArgument(1)))
                .when(remote)
                .sendBinary(any(), any());
        doAnswer(call -> close(call.getArgument(0))).when(session).close(any());
        endpoint = (Endpoint) config.getConfigurator().getEndpointInstance(config.getEndpointClass());
        endpoint.onOpen(session, config);
    }

    /** As a container whose close never ends: it does not tell the endpoint. */
    FakeSession deaf() {
        deaf = true;
        return this;
    }

    private Object close(CloseReason reason) {
        closes.add(reason.getCloseCode().getCode());
        if (!deaf) {
            endpoint.onClose(session, reason);
        }
        return closes;
    }

    private Object send(Object message, SendHandler handler) {
        sent.add(message instanceof ByteBuffer buffer ? List.copyOf(Rows.list(buffer)) : message);
        handler.onResult(new SendResult());
        return message;
    }

    @SuppressWarnings("unchecked")
    private <T> MessageHandler.Whole<T> whole(Class<T> type) {
        return (MessageHandler.Whole<T>) Objects.requireNonNull(handlers.get(type));
    }

    @SuppressWarnings("unchecked")
    private <T> MessageHandler.Partial<T> partial(Class<T> type) {
        return (MessageHandler.Partial<T>) Objects.requireNonNull(handlers.get(type));
    }

    /** A whole message, in two parts as containers may cut it. */
    void text(String text) {
        int half = text.length() / 2;
        if (half > 0) {
            text(text.substring(0, half), false);
        }
        text(text.substring(half), true);
    }

    void text(String part, boolean last) {
        partial(String.class).onMessage(part, last);
    }

    /** A whole message, in two parts as containers may cut it. */
    void binary(int... bytes) {
        int half = bytes.length / 2;
        if (half > 0) {
            binary(false, Arrays.copyOf(bytes, half));
        }
        binary(true, Arrays.copyOfRange(bytes, half, bytes.length));
    }

    void binary(boolean last, int... bytes) {
        partial(ByteBuffer.class).onMessage(Rows.buffer(bytes), last);
    }

    void pong(String payload) {
        whole(PongMessage.class).onMessage(() -> ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)));
    }
}
