package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An endpoint with everything of its own: constructor, configurator, decoder, encoder and subprotocols. */
@ServerEndpoint(
        value = "/conversing/{color}",
        subprotocols = {"one", "two"},
        decoders = Endpoints.Point.Code.class,
        encoders = Endpoints.Point.Code.class,
        configurator = Conversing.Own.class)
public class Conversing {

    /** What containers told. */
    static final List<String> CLOSED = new CopyOnWriteArrayList<>();

    private final String greeting;

    Conversing(String greeting) {
        this.greeting = greeting;
    }

    /** Chooses the last subprotocol, answers with a header, and makes the instances. */
    public static class Own extends ServerEndpointConfig.Configurator {
        @Override
        public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
            return requested.get(requested.size() - 1);
        }

        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            response.getHeaders().put("X-Own", List.of("yes"));
            config.getUserProperties()
                    .put("name", request.getHeaders().get("X-Name").get(0));
        }

        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new Conversing("welcome"));
        }
    }

    @OnOpen
    public void open(Session session, @PathParam("color") String color) throws IOException {
        session.getBasicRemote()
                .sendText(greeting + " " + session.getUserProperties().get("name") + " " + color + " "
                        + session.getNegotiatedSubprotocol());
    }

    @OnMessage
    public Endpoints.Point twice(Endpoints.Point point) {
        return new Endpoints.Point(2 * point.x(), 2 * point.y());
    }

    @OnMessage
    public byte[] backwards(byte[] bytes, Session session) throws Exception {
        session.getBasicRemote().sendObject(new Endpoints.Point(bytes.length, 0));
        var backwards = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            backwards[i] = bytes[bytes.length - 1 - i];
        }
        return backwards;
    }

    @OnClose
    public void close(CloseReason reason) {
        CLOSED.add(reason.getCloseCode().getCode() + " " + reason.getReasonPhrase());
    }
}
