package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import io.undertow.Version;
import io.undertow.server.protocol.framed.SendFrameHeader;
import io.undertow.util.ImmediatePooledByteBuffer;
import io.undertow.websockets.core.StreamSinkFrameChannel;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSocketFrameType;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Undertow 2.3: a run is one frame to Undertow, with nothing for a header and all frames for a body. It takes the way of
 * every frame, so pings and close frames keep their order, a run that comes while the application is in the middle of a
 * message is held back by Undertow until that is over, and one that comes after a close frame is given up by it
 * (WebSocketFramePriority).
 *
 * <p>The lane is the session's I/O thread: from any other one each run would be a task for that thread, and a wake-up.
 */
final class UndertowPath implements FastPath {

    private final Method channel;

    UndertowPath(Class<?> session) throws ReflectiveOperationException {
        FastPaths.UnsupportedVersionException.check("Undertow", Version.getVersionString(), "2.3.");
        channel = session.getMethod("getWebSocketChannel");
    }

    @Override
    public RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable)
            throws ReflectiveOperationException {
        return new Sender((WebSocketChannel) channel.invoke(session));
    }

    @Override
    public Loopback.Opener loopback(Session session) throws ReflectiveOperationException {
        var sample = (WebSocketChannel) channel.invoke(session);
        return cut -> new UndertowLoopback(sample, cut);
    }

    @Override
    public String toString() {
        return "the fast path for Undertow (" + Version.getVersionString() + ")";
    }

    /** Sends to one session. */
    record Sender(WebSocketChannel channel) implements RunSender {

        @Override
        public Executor affinity() {
            return channel.getIoThread();
        }

        @Override
        public int touch() {
            return channel.isRequireExplicitFlush() ? 1 : 0;
        }

        @Override
        public void send(Run run, Completion completion) {
            var frame = new RunFrame(channel, run.frames(), completion);
            try {
                frame.send(new ImmediatePooledByteBuffer(frame.frames));
                frame.shutdownWrites();
                if (channel.isRequireExplicitFlush()) {
                    channel.flush(); // the application's batch goes along
                }
            } catch (IOException e) {
                frame.failed(e);
            }
        }
    }

    /** A run that poses as a frame. Undertow gives a frame up in several ways, some of them more than once. */
    private static final class RunFrame extends StreamSinkFrameChannel {
        private final ByteBuffer frames;
        private final AtomicReference<@Nullable Completion> completion;
        /** How much was left when Undertow asked last; by its I/O thread. */
        private int remaining;

        RunFrame(WebSocketChannel channel, ByteBuffer frames, Completion completion) {
            super(channel, (frames.get(0) & 0xF) == 1 ? WebSocketFrameType.TEXT : WebSocketFrameType.BINARY);
            this.frames = frames;
            this.remaining = frames.remaining();
            this.completion = new AtomicReference<>(completion);
        }

        @Override
        protected SendFrameHeader createFrameHeader() {
            return new SendFrameHeader(0, null);
        }

        /** Asked for at every attempt to write. */
        @Override
        public ByteBuffer getBuffer() {
            ByteBuffer buffer = super.getBuffer();
            Completion told = completion.get();
            if (told != null && buffer.remaining() < remaining) {
                remaining = buffer.remaining();
                told.progress();
            }
            return buffer;
        }

        @Override
        protected void handleFlushComplete(boolean finalFrame) {
            Completion told = completion.getAndSet(null);
            if (told != null) {
                told.done();
            }
        }

        @Override
        public void markBroken() {
            super.markBroken();
            failed(new ClosedChannelException());
        }

        @Override
        protected void channelForciblyClosed() throws IOException {
            try {
                super.channelForciblyClosed();
            } finally {
                failed(new ClosedChannelException());
            }
        }

        void failed(IOException cause) {
            Completion told = completion.getAndSet(null);
            if (told != null) {
                told.failed(cause);
            }
        }
    }
}
