package dev.fanfare.jakarta;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An endpoint that sends through its session in every way that there is, and joins {@code own.{room}}. */
@ServerEndpoint(value = "/own/{room}", encoders = Endpoints.Point.Code.class)
@Broadcast("own.{room}")
public final class OwnSends {

    /** How often each of the four threads sends. */
    static final int EACH = 500;
    /** More than any container puts into one frame, so that a message that is not whole would show. */
    static final String LONG = "x".repeat(20_000);

    private final WebSocketHub hub;
    private final List<String> events;
    private Session opened;

    OwnSends(WebSocketHub hub, List<String> events) {
        this.hub = hub;
        this.events = events;
    }

    @OnOpen
    public void open(Session session, @PathParam("room") String room) throws Exception {
        opened = session;
        if (room.startsWith("welcome")) {
            everyWay(session);
        } else if (room.equals("many")) {
            for (int i = 0; i < 10_000; i++) {
                session.getAsyncRemote().sendText("m" + i, result -> tell(result, "many"));
            }
        }
    }

    @OnMessage
    public void message(String text, Session session) throws Exception {
        if (session != opened) {
            events.add("another session");
        }
        switch (text) {
            case "flood" -> flood(session);
            case "every way" -> everyWay(session);
            case "bye" -> {
                session.getAsyncRemote().sendText(LONG + LONG);
                session.getAsyncRemote().sendText("bye");
                session.close();
                late(session, text);
            }
            case "late" -> {
                session.close();
                late(session, text);
            }
            case "too long" -> tooLong(session);
            case "others" -> {
                for (Session other : session.getOpenSessions()) {
                    if (other != opened) {
                        other.getBasicRemote().sendText("from another session");
                    }
                }
            }
            case "ids" -> {
                boolean same = hub.id(session).equals(hub.id(WebSocketHub.unwrap(session)));
                boolean raw = WebSocketHub.unwrap(session) != session
                        && WebSocketHub.unwrap(WebSocketHub.unwrap(session)) == WebSocketHub.unwrap(session);
                session.getBasicRemote()
                        .sendText(same + " " + raw + " "
                                + session.getOpenSessions().contains(session));
            }
            case "stuck" -> new Thread(() -> stuck(session)).start();
            default -> session.getBasicRemote().sendText(text);
        }
    }

    @OnClose
    public void close(Session session) {
        if (session != opened && opened != null) {
            events.add("another session");
        }
    }

    @OnError
    public void error(Throwable cause) {
        // A client that has got its answer and left may make the send of it fail; a send that is missing shows
        // elsewhere.
        if (!(cause instanceof IOException)) {
            events.add("failed: " + cause);
        }
    }

    private void flood(Session session) {
        RemoteEndpoint.Basic basic = session.getBasicRemote();
        RemoteEndpoint.Async async = session.getAsyncRemote();
        start(i -> basic.sendText("basic " + i + " " + LONG));
        start(i -> basic.sendBinary(ByteBuffer.wrap(("binary " + i).getBytes(StandardCharsets.UTF_8))));
        start(i -> async.sendText("future " + i).get(20, TimeUnit.SECONDS));
        start(i -> async.sendText("handler " + i, result -> tell(result, "handler")));
    }

    private interface Send {
        void of(int i) throws IOException, ExecutionException, TimeoutException, InterruptedException;
    }

    private void start(Send send) {
        new Thread(() -> {
                    for (int i = 0; i < EACH; i++) {
                        try {
                            send.of(i);
                        } catch (Exception e) {
                            events.add("failed: " + e);
                        }
                    }
                })
                .start();
    }

    private void tell(SendResult result, String what) {
        events.add(result.isOK() ? what + " ok" : what + " failed: " + result.getException());
    }

    /** Each way once, in this order. */
    private void everyWay(Session session) throws Exception {
        RemoteEndpoint.Basic basic = session.getBasicRemote();
        RemoteEndpoint.Async async = session.getAsyncRemote();
        basic.setBatchingAllowed(true);
        basic.sendText("text");
        basic.sendBinary(ByteBuffer.wrap(new byte[] {1}));
        basic.sendText("in ", false);
        basic.sendText("parts", true);
        basic.sendBinary(ByteBuffer.wrap(new byte[] {1}), false);
        basic.sendBinary(ByteBuffer.wrap(new byte[] {2}), true);
        try (Writer writer = basic.getSendWriter()) {
            writer.write("wri");
            writer.write("tten");
            writer.flush();
        }
        try (OutputStream stream = basic.getSendStream()) {
            stream.write(3);
            stream.write(new byte[] {4, 5});
        }
        basic.sendObject(new Endpoints.Point(1, 2));
        Future<Void> last = async.sendText("future");
        async.sendBinary(ByteBuffer.wrap(new byte[] {6}));
        async.sendObject(new Endpoints.Point(3, 4));
        async.sendBinary(ByteBuffer.wrap(new byte[] {7}), result -> tell(result, "binary"));
        async.sendObject(new Endpoints.Point(5, 6), result -> tell(result, "object"));
        async.sendText("handler", result -> tell(result, "text"));
        last.get(20, TimeUnit.SECONDS);
        async.sendPing(ByteBuffer.wrap(new byte[] {8}));
        basic.sendPong(ByteBuffer.wrap(new byte[] {9}));
        basic.flushBatch();
        basic.sendText("last");
    }

    private void late(Session session, String how) {
        try {
            session.getBasicRemote().sendText("late");
            events.add(how + " basic was sent");
        } catch (IOException e) {
            events.add(how + " basic " + e.getMessage());
        }
        session.getAsyncRemote()
                .sendText("late", result -> events.add(how + " handler " + message(result.getException())));
        try {
            session.getAsyncRemote().sendText("late").get(20, TimeUnit.SECONDS);
            events.add(how + " future was sent");
        } catch (ExecutionException e) {
            events.add(how + " future " + message(e.getCause()));
        } catch (InterruptedException | TimeoutException e) {
            events.add(how + " future " + e);
        }
        events.add(how + " open " + session.isOpen());
    }

    private static String message(Throwable cause) {
        return Objects.requireNonNull(cause).getMessage();
    }

    private void tooLong(Session session) throws IOException {
        String text = "x".repeat(hub.messageBytes());
        try {
            session.getBasicRemote().sendText(text + "x");
        } catch (IllegalArgumentException e) {
            events.add("whole: " + e.getMessage());
        }
        session.getBasicRemote().sendText(text, false);
        try {
            session.getBasicRemote().sendText("x", true);
        } catch (IllegalArgumentException e) {
            events.add("parts: " + e.getMessage());
        }
        try (Writer writer = session.getBasicRemote().getSendWriter()) {
            writer.write("short");
            writer.write(text);
        } catch (IOException e) {
            events.add("writer: " + e.getMessage());
        }
        session.getBasicRemote().sendText("nothing of it was sent");
    }

    /** Sends to a client that does not read until that fails. */
    private void stuck(Session session) {
        try {
            while (true) {
                session.getBasicRemote().sendText(LONG);
            }
        } catch (IOException e) {
            events.add("stuck failed: " + e.getMessage());
        }
    }
}
