package dev.fanfare.jakarta;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
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

/** A session of Jetty's WebSocket core, with a selector and threads for itself. */
final class JettyLoopback implements Loopback {

    private final ExecutorService threads = Executors.newCachedThreadPool(Loopback.threads());
    private final Scheduler scheduler = new ScheduledExecutorScheduler("fanfare-self-test-scheduler", true);
    private final Selectors selectors = new Selectors();
    private final Socket client;
    private final CoreSession session;

    /** With the limits of frames that {@code sample} has. */
    JettyLoopback(CoreSession sample, CompletableFuture<?> cut) throws Exception {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            scheduler.start();
            selectors.start();
            client = Loopback.connect(server.socket().getLocalPort());
            SocketChannel accepted = server.accept();
            accepted.setOption(StandardSocketOptions.SO_SNDBUF, SelfTest.SEND_BUFFER_BYTES);
            accepted.configureBlocking(false);
            selectors.accept(accepted);
            session = Loopback.await(selectors.opened, cut);
            session.setAutoFragment(sample.isAutoFragment());
            session.setMaxFrameSize(sample.getMaxFrameSize());
        } catch (Exception e) {
            stop();
            throw e;
        }
    }

    @Override
    public Socket client() {
        return client;
    }

    @Override
    public RunSender sender() {
        return new JettyPath.Sender(session);
    }

    @Override
    public void ping(ByteBuffer payload) {
        session.sendFrame(new Frame(OpCode.PING, payload), Callback.NOOP, false);
    }

    @Override
    public void sendClose() {
        session.close(CloseStatus.NORMAL, null, Callback.NOOP);
    }

    @Override
    public void close() {
        session.abort();
        stop();
    }

    private void stop() {
        try {
            selectors.stop();
            scheduler.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty did not end", e);
        } finally {
            threads.shutdown();
        }
    }

    private final class Selectors extends SelectorManager {
        private final CompletableFuture<CoreSession> opened = new CompletableFuture<>();

        Selectors() {
            super(threads, scheduler, 1);
        }

        @Override
        protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            return new SocketChannelEndPoint((SocketChannel) channel, selector, key, getScheduler());
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment) {
            var components = new WebSocketComponents();
            var extensions = new ExtensionStack(components, Behavior.SERVER);
            extensions.negotiate(List.of(), List.of());
            var core = new WebSocketCoreSession(
                    new Silent(opened), Behavior.SERVER, Negotiated.from(extensions), components);
            var connection =
                    new WebSocketConnection(endPoint, threads, scheduler, components.getByteBufferPool(), core);
            core.setWebSocketConnection(connection);
            return connection;
        }

        @Override
        protected void connectionFailed(SelectableChannel channel, Throwable cause, Object attachment) {
            opened.completeExceptionally(cause);
        }
    }

    /** An application that does nothing. */
    private static final class Silent implements FrameHandler {
        private final CompletableFuture<CoreSession> opened;

        Silent(CompletableFuture<CoreSession> opened) {
            this.opened = opened;
        }

        @Override
        public void onOpen(CoreSession session, Callback callback) {
            callback.succeeded();
            opened.complete(session);
        }

        @Override
        public void onFrame(Frame frame, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onError(Throwable cause, Callback callback) {
            opened.completeExceptionally(cause);
            callback.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            callback.succeeded();
        }
    }
}
