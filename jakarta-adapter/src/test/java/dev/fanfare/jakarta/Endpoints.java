package dev.fanfare.jakarta;

import dev.fanfare.fixtures.Await;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the nodes under test serve. */
final class Endpoints {

    private Endpoints() {}

    /** As in the README, with rooms. */
    @ServerEndpoint(value = "/chat/{room}", subprotocols = "fanfare.test")
    public static class Chat {
        private final WebSocketHub hub;

        public Chat(WebSocketHub hub) {
            this.hub = hub;
        }

        @OnOpen
        public void open(Session session, @PathParam("room") String room) {
            hub.join(session, room);
        }

        @OnMessage
        public void message(String text, @PathParam("room") String room) {
            hub.broadcast(room, text);
        }

        @OnMessage
        public void message(ByteBuffer binary, @PathParam("room") String room) {
            hub.broadcast(room, binary);
        }
    }

    /** Writes down what it is told. */
    @ServerEndpoint("/recording/{room}")
    public static class Recording {
        private final WebSocketHub hub;
        private final List<String> events;

        public Recording(WebSocketHub hub, List<String> events) {
            this.hub = hub;
            this.events = events;
        }

        @OnOpen
        public void open(Session session, @PathParam("room") String room) {
            hub.join(session, room);
            if (room.equals("fail")) {
                throw new IllegalStateException("no such room");
            }
        }

        @OnMessage
        public void message(String text, Session session) throws IOException {
            if (text.equals("close")) {
                session.close();
            }
        }

        @OnClose
        public void close(CloseReason reason, @PathParam("room") String room) {
            events.add(room + " closed " + reason.getCloseCode().getCode());
        }

        @OnError
        public void error(Throwable cause, @PathParam("room") String room) {
            events.add(room + " failed: " + cause.getClass().getSimpleName());
        }
    }

    /** Sends on its own while it opens; leaves a message unfinished, past the hub. */
    @ServerEndpoint("/sending/{room}")
    public static class Sending {
        private final WebSocketHub hub;

        public Sending(WebSocketHub hub) {
            this.hub = hub;
        }

        @OnOpen
        public void open(Session session, @PathParam("room") String room) throws IOException {
            hub.join(session, room).join();
            hub.broadcast(room, "joined").join();
            for (int i = 0; i < 20; i++) {
                session.getBasicRemote().sendText("welcome");
            }
        }

        @OnMessage
        public void message(String text, Session session) throws IOException {
            if (text.equals("begin")) {
                Await.until("the hub is not sending", () -> began(WebSocketHub.unwrap(session)));
            } else if (text.equals("end")) {
                WebSocketHub.unwrap(session).getBasicRemote().sendText("gin", true);
            } else if (text.equals("spam")) {
                spam(WebSocketHub.unwrap(session));
            }
        }
    }

    /** A client may have received what the hub sends before the hub has heard that it was sent. */
    private static boolean began(Session session) {
        try {
            session.getBasicRemote().sendText("be", false);
            return true;
        } catch (IllegalStateException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void spam(Session session) throws IOException {
        for (int i = 0; i < 500; i++) {
            try {
                session.getBasicRemote().sendText("own");
            } catch (IllegalStateException e) {
                // Tomcat, while the hub is sending: it was warned of.
            }
        }
    }

    /** Joins its room, hands its session to the test and writes down how that ends; answers what it is sent. */
    @ServerEndpoint("/held/{room}")
    public static class Held {
        private final WebSocketHub hub;
        private final Map<String, Session> sessions;
        private final List<String> events;

        public Held(WebSocketHub hub, Map<String, Session> sessions, List<String> events) {
            this.hub = hub;
            this.sessions = sessions;
            this.events = events;
        }

        @OnOpen
        public void open(Session session, @PathParam("room") String room) {
            sessions.put(room, session);
            hub.join(session, room);
        }

        @OnMessage
        public void message(String text, Session session) throws IOException {
            if (text.equals("close")) {
                session.close();
            } else {
                hub.send(session, text);
            }
        }

        @OnMessage
        public void message(ByteBuffer binary, Session session) {
            hub.send(session, binary);
        }

        @OnClose
        public void close(CloseReason reason, @PathParam("room") String room) {
            events.add(room + " closed " + reason.getCloseCode().getCode());
        }
    }

    /** Answers its sender. */
    @ServerEndpoint(value = "/answer/{factor}", decoders = Point.Code.class, encoders = Point.Code.class)
    public static class Answering {
        private final List<String> errors = new CopyOnWriteArrayList<>();
        private int count;

        @OnMessage(maxMessageSize = 100)
        public Point twice(Point point, @PathParam("factor") int factor) {
            count++;
            return new Point(point.x() * factor, point.y() + count);
        }

        @OnMessage
        public byte[] backwards(byte[] bytes) {
            var backwards = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                backwards[i] = bytes[bytes.length - 1 - i];
            }
            return backwards;
        }

        @OnError
        public void error(Session session, Throwable cause) throws IOException {
            errors.add(cause.toString());
            session.getBasicRemote().sendText(cause.getClass().getSimpleName());
        }
    }

    /** A message in a format of its own. */
    public record Point(int x, int y) {

        /** {@code 1,2}. */
        public static class Code implements Decoder.Text<Point>, Encoder.Text<Point> {
            @Override
            public boolean willDecode(String text) {
                return text.contains(",");
            }

            @Override
            public Point decode(String text) throws DecodeException {
                int comma = text.indexOf(',');
                return new Point(
                        Integer.parseInt(text.substring(0, comma)), Integer.parseInt(text.substring(comma + 1)));
            }

            @Override
            public String encode(Point point) throws EncodeException {
                return point.x + "," + point.y;
            }

            @Override
            public void init(EndpointConfig config) {}

            @Override
            public void destroy() {}
        }
    }

    /** Deployed by the container, without the hub's knowledge. */
    public static final class Native extends Endpoint {
        private final WebSocketHub hub;
        private final Map<String, Session> sessions;

        Native(WebSocketHub hub, Map<String, Session> sessions) {
            this.hub = hub;
            this.sessions = sessions;
        }

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            String room = session.getPathParameters().getOrDefault("room", "");
            sessions.put(room, session);
            hub.join(session, room);
        }
    }
}
