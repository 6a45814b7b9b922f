package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Jetty;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;

/**
 * Jetty 12: a run is one frame to Jetty, which says that it is as long as the run's first message and brings the other
 * messages, framed already, along behind its payload. Jetty's Generator writes the first header, its FrameFlusher all that
 * the payload holds, in one gathering write, in order with pings and close frames. If the application is in the middle of
 * a message, Jetty refuses the frame before anything is written, which is <em>busy</em>.
 *
 * <p>Never with batch=true, for which Jetty copies the payload into a buffer in which it made room for the first message
 * alone. That Generator and FrameFlusher act so is documented nowhere; hence {@link JettyTrial}.
 */
final class JettyPath implements FastPath {

    private final Method coreSession;

    JettyPath(Class<?> session) throws ReflectiveOperationException {
        FastPaths.UnsupportedVersionException.check("Jetty", Jetty.VERSION, "12.0.", "12.1.");
        coreSession = session.getMethod("getCoreSession");
        JettyTrial.run();
    }

    @Override
    public RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable)
            throws ReflectiveOperationException {
        return new Sender((CoreSession) coreSession.invoke(session), portable);
    }

    @Override
    public String toString() {
        return "the fast path for Jetty (" + Jetty.VERSION + ")";
    }

    /** Sends to one session. */
    private record Sender(CoreSession session, RunSender portable) implements RunSender {

        @Override
        public void send(Run run, Completion completion) {
            long longest = session.getMaxFrameSize();
            if (longest > 0 && run.messages().get(0).size() > longest) {
                portable.send(run, completion); // Jetty would cut the frame into pieces, by what its payload holds
                return;
            }
            session.sendFrame(new RunFrame(run), new Outcome(completion), false);
        }
    }

    /** Tells the hub what became of a run. */
    private record Outcome(Completion completion) implements Callback {

        @Override
        public void succeeded() {
            completion.done();
        }

        @Override
        public void failed(Throwable cause) {
            if (PortableSender.isBusy(cause)) {
                completion.busy(0);
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
