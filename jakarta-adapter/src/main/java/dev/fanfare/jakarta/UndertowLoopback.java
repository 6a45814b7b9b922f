package dev.fanfare.jakarta;

import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.WebSocket13Channel;
import io.undertow.websockets.extensions.NoopExtensionFunction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/** A WebSocket channel of Undertow, accepted by a server of XNIO, on a worker of its own. */
final class UndertowLoopback implements Loopback {

    /** Of its own: whoever closes something of a worker that has ended, as those of a container may, waits for ever. */
    private static final OptionMap WORKER = OptionMap.builder()
            .set(Options.WORKER_NAME, "fanfare-self-test")
            .set(Options.WORKER_IO_THREADS, 1)
            .set(Options.WORKER_TASK_CORE_THREADS, 0)
            .set(Options.WORKER_TASK_MAX_THREADS, 1)
            .set(Options.THREAD_DAEMON, true)
            .getMap();

    private final XnioWorker worker;
    private final AcceptingChannel<StreamConnection> server;
    private final Socket client;
    private final WebSocketChannel channel;

    /** Of the kind of {@code sample}. */
    UndertowLoopback(WebSocketChannel sample, CompletableFuture<?> cut) throws Exception {
        var accepted = new CompletableFuture<StreamConnection>();
        worker = sample.getWorker().getXnio().createWorker(WORKER);
        try {
            server = worker.createStreamConnectionServer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    acceptor -> accept(acceptor, accepted),
                    OptionMap.create(Options.SEND_BUFFER, SelfTest.SEND_BUFFER_BYTES));
            server.resumeAccepts();
            client = Loopback.connect(
                    server.getLocalAddress(InetSocketAddress.class).getPort());
        } catch (IOException | RuntimeException e) {
            worker.shutdownNow();
            throw e;
        }
        try {
            channel = new WebSocket13Channel(
                    Loopback.await(accepted, cut),
                    sample.getBufferPool(),
                    "ws://localhost/",
                    null,
                    false,
                    false,
                    NoopExtensionFunction.INSTANCE,
                    new HashSet<>(),
                    OptionMap.EMPTY);
        } catch (Exception e) {
            IoUtils.safeClose(client, server);
            worker.shutdownNow();
            throw e;
        }
    }

    private static void accept(
            AcceptingChannel<? extends StreamConnection> acceptor, CompletableFuture<StreamConnection> accepted) {
        try {
            StreamConnection connection = acceptor.accept();
            if (connection != null && !accepted.complete(connection)) {
                IoUtils.safeClose(connection); // somebody else's
            }
        } catch (IOException e) {
            accepted.completeExceptionally(e);
        }
    }

    @Override
    public Socket client() {
        return client;
    }

    @Override
    public RunSender sender() {
        return new UndertowPath.Sender(channel);
    }

    @Override
    public void ping(ByteBuffer payload) {
        channel.getIoThread().execute(() -> WebSockets.sendPing(payload, channel, null));
    }

    @Override
    public void sendClose() {
        channel.getIoThread().execute(() -> WebSockets.sendClose(CloseMessage.NORMAL_CLOSURE, "", channel, null));
    }

    @Override
    public void close() {
        if (!worker.isShutdown()) {
            IoUtils.safeClose(channel, server);
            worker.shutdownNow();
        }
    }
}
