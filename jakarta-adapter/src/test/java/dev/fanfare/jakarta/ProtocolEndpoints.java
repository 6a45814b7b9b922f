package dev.fanfare.jakarta;

import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;

/** Endpoints that offer the protocol beside plain text. */
final class ProtocolEndpoints {

    private ProtocolEndpoints() {}

    /** Channels with history are those whose names begin with {@code kept}. */
    @ServerEndpoint(value = "/{room}", subprotocols = WebSocketHub.SUBPROTOCOL)
    @Broadcast("{room}")
    public static class Room {
        @OnMessage
        public String message(String text) {
            return text;
        }
    }

    /** Sends in every way, to the sender alone. */
    @ServerEndpoint(value = "/alone/{room}", subprotocols = WebSocketHub.SUBPROTOCOL)
    public static class Alone {
        private final WebSocketHub hub;

        public Alone(WebSocketHub hub) {
            this.hub = hub;
        }

        @OnOpen
        public void open(Session session) throws IOException {
            session.getBasicRemote().sendText("welcome");
        }

        @OnMessage
        public String message(String text, Session session) throws IOException {
            hub.send(session, "by the hub");
            session.getBasicRemote().sendText("blocking");
            session.getAsyncRemote().sendText("later");
            return "\"" + text + "\"";
        }
    }
}
