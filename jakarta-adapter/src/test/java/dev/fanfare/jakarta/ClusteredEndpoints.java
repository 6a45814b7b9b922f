package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Endpoints with a channel of their own. */
final class ClusteredEndpoints {

    private ClusteredEndpoints() {}

    /** Every kind of answer. */
    @ServerEndpoint(value = "/talk/{room}", encoders = Endpoints.Point.Code.class)
    @Broadcast("talk.{room}")
    public static class Talk {
        private final WebSocketHub hub;

        public Talk(WebSocketHub hub) {
            this.hub = hub;
        }

        @OnOpen
        public void open(Session session, @PathParam("room") String room) throws IOException {
            if (room.equals("welcome")) {
                hub.broadcast("talk.welcome", "somebody came");
                session.getBasicRemote().sendText("welcome");
            }
        }

        @OnMessage
        public @Nullable Object message(String text, Session session) {
            if (text.equals("me")) {
                hub.send(session, "only you");
            }
            return switch (text) {
                case "nothing", "me" -> null;
                case "point" -> new Endpoints.Point(1, 2);
                case "buffer" -> ByteBuffer.wrap(new byte[] {1, 2});
                case "number" -> 42;
                case "huge" -> "x".repeat(hub.messageBytes() + 1);
                default -> text;
            };
        }

        @OnMessage
        public byte[] binary(byte[] bytes) {
            return bytes;
        }

        @OnError
        public void error(Session session, Throwable cause) {
            hub.send(session, cause.getClass().getSimpleName() + ": " + cause.getMessage());
        }
    }

    /** Writes down what it is told of its handshake. */
    @ServerEndpoint("/guests/{room}")
    @Broadcast("guests.{room}.{username}")
    public static class Guests {
        private final List<String> events;

        public Guests(List<String> events) {
            this.events = events;
        }

        @OnOpen
        public void open(@QueryParam("username") String name, @QueryParam("color") Optional<String> color) {
            events.add("open " + name + " " + color.orElse("colorless"));
        }

        @OnMessage
        public String message(String text, @QueryParam("username") String name) {
            return name + ": " + text;
        }

        @OnClose
        public void close(
                CloseReason reason, @PathParam("room") String room, @QueryParam("username") @Nullable String name) {
            events.add(
                    "close " + room + " " + name + " " + reason.getCloseCode().getCode());
        }
    }

    /** Everybody in one channel, which the endpoint's own configurator guards, too. */
    @ServerEndpoint(value = "/news", configurator = NoEvil.class)
    @Broadcast("news")
    public static class News {
        @OnMessage
        public String message(String text) {
            return text;
        }
    }

    /** A configurator of an application. */
    public static class NoEvil extends ServerEndpointConfig.Configurator {
        @Override
        public boolean checkOrigin(String origin) {
            return origin == null || !origin.contains("evil");
        }
    }
}
