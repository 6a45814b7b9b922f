package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Jetty;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.jspecify.annotations.Nullable;

/**
 * Jetty 12: a run is one frame to Jetty, which says that it is as long as the run's first message and brings the other
 * messages, framed already, along behind its payload. Jetty's Generator writes the first header, its FrameFlusher all that
 * the payload holds, in one gathering write, in order with pings and close frames. If the application is in the middle of
 * a message, Jetty refuses the frame before anything is written, which is <em>busy</em>.
 *
 * <p>Never with batch=true, for which Jetty copies the payload into a buffer in which it made room for the first message
 * alone. That Generator and FrameFlusher act so is documented nowhere; hence the {@link SelfTest}.
 */
final class JettyPath implements FastPath {

    /** The send deadline measures progress: so much at a time. */
    private static final int PIECE_BYTES = 64 * 1024;

    private final Method coreSession;

    JettyPath(Class<?> session) throws ReflectiveOperationException {
        FastPaths.UnsupportedVersionException.check("Jetty", Jetty.VERSION, "12.0.", "12.1.");
        coreSession = session.getMethod("getCoreSession");
    }

    @Override
    public RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable)
            throws ReflectiveOperationException {
        return new Sender((CoreSession) coreSession.invoke(session));
    }

    @Override
    public Loopback.Opener loopback(Session session) throws ReflectiveOperationException {
        var sample = (CoreSession) coreSession.invoke(session);
        return cut -> new JettyLoopback(sample, cut);
    }

    @Override
    public String toString() {
        return "the fast path for Jetty (" + Jetty.VERSION + ")";
    }

    /** Sends to one session. */
    record Sender(CoreSession session, @Nullable WebSocketConnection connection) implements RunSender {

        Sender(CoreSession session) {
            this(session, session instanceof WebSocketCoreSession known ? known.getConnection() : null);
        }

        @Override
        public int touch() {
            int read = session.isOutputOpen() ? 1 : 0;
            return connection == null
                    ? read
                    : read
                            + (int) connection.getMessagesOut()
                            + (connection.getEndPoint().isOpen() ? 1 : 0);
        }

        @Override
        public void send(Run run, Completion completion) {
            new Transfer(session, run, completion).advance();
        }
    }

    /**
     * A run on its way, piece by piece, as Jetty tells nothing of a frame before all of it has left. It may tell so inside the
     * call that sends it, or on another thread meanwhile; {@link #advance} is a loop for both.
     */
    private static final class Transfer implements Callback {
        private final CoreSession session;
        private final Run run;
        private final Completion completion;
        /** Calls of {@link #advance} that are not yet worked off; who raises it from 0 runs the loop. */
        private final AtomicInteger turns = new AtomicInteger();
        /** How many messages left, and how many will have with the piece on its way. Guarded by {@code turns}. */
        private int sent;

        private int sending;

        Transfer(CoreSession session, Run run, Completion completion) {
            this.session = session;
            this.run = run;
            this.completion = completion;
        }

        void advance() {
            if (turns.getAndIncrement() == 0) {
                do {
                    sent = sending;
                    if (sent == run.size()) {
                        completion.done();
                    } else {
                        session.sendFrame(next(), this, false);
                    }
                } while (turns.decrementAndGet() != 0);
            }
        }

        private Frame next() {
            long bytes = 0;
            long uncut = session.getMaxFrameSize(); // of a longer first message Jetty would cut all that comes along
            boolean alone = uncut > 0 && run.messages().get(sending).size() > uncut;
            do {
                bytes += run.messages().get(sending++).size();
            } while (!alone
                    && sending < run.size()
                    && bytes + run.messages().get(sending).size() <= PIECE_BYTES);
            return new RunFrame(run.slice(sent, sending));
        }

        @Override
        public void succeeded() {
            if (sending < run.size()) {
                completion.progress();
            }
            advance();
        }

        @Override
        public void failed(Throwable cause) {
            if (PortableSender.isBusy(cause)) {
                completion.busy(sent);
            } else {
                completion.failed(cause);
            }
        }
    }

    /** A run that poses as its first message. */
    static final class RunFrame extends Frame {
        private final int length;

        RunFrame(Run run) {
            this(run.frames(), run.messages().get(0).size());
        }

        /** The {@code frames} of a run whose first message has {@code length} bytes. */
        RunFrame(ByteBuffer frames, int length) {
            super(frames.get(0), null, frames);
            this.length = length;
            frames.position(headerBytes(frames.get(1) & 0x7F));
        }

        private static int headerBytes(int length) {
            return length < 126 ? 2 : length == 126 ? 4 : 10;
        }

        @Override
        public int getPayloadLength() {
            return length;
        }
    }
}
