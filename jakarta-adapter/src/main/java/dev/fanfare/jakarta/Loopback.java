package dev.fanfare.jakarta;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A connection of this process to itself, over a loopback socket, whose server's end is of the container's own classes, as
 * those of sessions are, and belongs to no application. A {@link SelfTest} runs over it.
 */
interface Loopback extends AutoCloseable {

    /** Opens one. */
    interface Opener {
        /** Waits for the container as long as {@link SelfTest} gives it, or until {@code cut} fails. */
        Loopback open(CompletableFuture<?> cut) throws Exception;
    }

    /** The client's end, of which nothing has been read. */
    Socket client();

    /** What is to be tested: sends to the client. */
    RunSender sender();

    /** Has the container send a ping, behind the run that is on its way; may wait for that. */
    void ping(ByteBuffer payload) throws IOException;

    /** Has the container send a close frame with 1000 (Normal Closure). */
    void sendClose() throws IOException;

    /** Ends it, whatever is on its way; the second time does nothing. */
    @Override
    void close();

    /**
     * What the container hands over. Nobody who opens or ends one is interrupted, as containers then leave threads behind;
     * so that it need not be, waiting ends when {@code cut} fails.
     */
    static <T> T await(CompletableFuture<T> accepted, CompletableFuture<?> cut) throws Exception {
        CompletableFuture.anyOf(accepted, cut).get(SelfTest.MILLIS, TimeUnit.MILLISECONDS);
        return accepted.join();
    }

    /** A client's end. */
    static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Daemon threads whose names say what they are for. */
    static ThreadFactory threads() {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "fanfare-self-test-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
