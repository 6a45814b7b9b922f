package dev.fanfare.jakarta;

import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

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
            return text;
        }
    }

    /** Joins, and does with it what it is told. */
    @ServerEndpoint(value = "/moving/{room}", subprotocols = WebSocketHub.SUBPROTOCOL)
    public static class Moving {
        final WebSocketHub hub;
        private final Map<String, Moving> open;
        Session session;
        CompletableFuture<?> joined;

        Moving(WebSocketHub hub, Map<String, Moving> open) {
            this.hub = hub;
            this.open = open;
        }

        @OnOpen
        public void open(Session session, @PathParam("room") String room) {
            this.session = session;
            joined = hub.join(session, room);
            open.put(room, this);
        }

        @OnMessage
        public void message(String text, @PathParam("room") String room) {
            switch (text) {
                case "again" -> hub.join(session, room).thenRun(() -> hub.send(session, "joined again"));
                case "move" -> {
                    hub.leave(session, room);
                    hub.join(session, room);
                }
                default -> hub.leave(session).thenRun(() -> hub.send(session, "left"));
            }
        }
    }

    /** Its configurator chooses no subprotocol ever. */
    @ServerEndpoint(
            value = "/configured/{room}",
            subprotocols = WebSocketHub.SUBPROTOCOL,
            configurator = ChoosesNone.class)
    public static class Configured {
        @OnMessage
        public String message(String text) {
            return text;
        }
    }

    public static class ChoosesNone extends ServerEndpointConfig.Configurator {
        @Override
        public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
            return "";
        }
    }

    /** Lists no subprotocol. */
    @ServerEndpoint("/plain/{room}")
    public static class Plain {
        @OnMessage
        public String message(String text) {
            return text;
        }
    }
}
