package dev.fanfare.jakarta;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/**
 * Whether this Jetty writes a {@link JettyPath.RunFrame} as the path needs it: tried once, at the first session, on a
 * connection in memory, between two pings.
 */
final class JettyTrial {

    /** A short and a longer message, as a server frames them. */
    private static final byte[] RUN = frames("\u0081\u0005short", "\u0082~\u0000\u00c8" + "x".repeat(200));

    private static final byte[] PING = frames("\u0089\u0004ping");

    private JettyTrial() {}

    /**
     * Tries it.
     *
     * @throws IllegalStateException if other bytes come out than went in
     */
    static void run() {
        var endPoint = new ByteArrayEndPoint(new byte[0], 1024);
        CoreSession session = session(endPoint);
        var outcome = new Outcome();
        session.sendFrame(new Frame(OpCode.PING, "ping"), outcome, false);
        session.sendFrame(new JettyPath.RunFrame(ByteBuffer.wrap(RUN), 5), outcome, false);
        session.sendFrame(new Frame(OpCode.PING, "ping"), outcome, false);
        ByteBuffer expected = ByteBuffer.allocate(RUN.length + 2 * PING.length);
        expected.put(PING).put(RUN).put(PING).flip();
        ByteBuffer written = endPoint.takeOutput();
        if (outcome.succeeded != 3 || !expected.equals(written)) {
            throw new IllegalStateException("this Jetty did not write a run as it was: " + outcome.succeeded
                    + " frames succeeded, " + written.remaining() + " bytes of " + expected.remaining() + " came");
        }
    }

    private static CoreSession session(ByteArrayEndPoint endPoint) {
        var components = new WebSocketComponents();
        var extensions = new ExtensionStack(components, Behavior.SERVER);
        extensions.negotiate(List.of(), List.of());
        var session = new WebSocketCoreSession(new Silent(), Behavior.SERVER, Negotiated.from(extensions), components);
        session.setWebSocketConnection(new WebSocketConnection(
                endPoint, Runnable::run, new ScheduledExecutorScheduler(), components.getByteBufferPool(), session));
        session.onOpen();
        return session;
    }

    private static byte[] frames(String... frames) {
        return String.join("", frames).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Counts. */
    private static final class Outcome implements Callback {
        private int succeeded;

        @Override
        public void succeeded() {
            succeeded++;
        }
    }

    /** An endpoint that nothing reaches. */
    private static final class Silent implements FrameHandler {
        @Override
        public void onOpen(CoreSession session, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onFrame(Frame frame, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onError(Throwable cause, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            callback.succeeded();
        }
    }
}
