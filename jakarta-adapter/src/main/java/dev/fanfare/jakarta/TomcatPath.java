package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat 10.1 and 11: a run takes the place of one of Tomcat's own message parts, and goes straight to the socket.
 *
 * <p>WsRemoteEndpointImplBase lets one part of a message be written at a time: whoever holds its semaphore
 * messagePartInProgress. A run takes that semaphore, looks whether a message of the application is half sent, writes,
 * and gives the semaphore back with endMessage, which first writes what Tomcat queued meanwhile. So neither the
 * application's messages nor pings, pongs and close frames can come between the bytes of a run, and none is refused because
 * of one: to Tomcat a run is a message.
 *
 * <p>It writes to the socket's channel, holding the wrapper's semaphore writePending as well: a blocking send of the
 * application's that timed out has given messagePartInProgress back, but may still be on its way there. What the socket does
 * not take at once goes by SocketWrapperBase.write, which waits for it; where TLS is in between, or bytes from before the
 * upgrade wait in the wrapper's buffer, all of it. Unlike Tomcat's own
 * asynchronous send, none of that costs a task of the connector's executor when the socket takes all at once.
 *
 * <p>There is no public way; on the module path Tomcat does not let us, and the portable path serves.
 */
final class TomcatPath implements FastPath {

    private final TomcatSockets sockets;
    private final MethodHandle endpoint;
    private final MethodHandle container;
    private final MethodHandle inProgress;
    private final MethodHandle fragmented;
    private final MethodHandle closed;
    private final MethodHandle batch;
    private final MethodHandle endMessage;
    private final MethodHandle wrapper;
    private final String version;

    TomcatPath(Class<?> session) throws ReflectiveOperationException {
        ClassLoader loader = session.getClassLoader();
        version = (String) Class.forName("org.apache.catalina.util.ServerInfo", true, loader)
                .getMethod("getServerNumber")
                .invoke(null);
        FastPaths.UnsupportedVersionException.check("Tomcat", version, "10.1.", "11.0.");
        Class<?> base = Class.forName("org.apache.tomcat.websocket.WsRemoteEndpointImplBase", true, loader);
        endpoint = TomcatSockets.getter(session, "wsRemoteEndpoint", Object.class);
        container = TomcatSockets.getter(session, "webSocketContainer", Object.class);
        inProgress = TomcatSockets.getter(base, "messagePartInProgress", Semaphore.class);
        fragmented = TomcatSockets.getter(base, "fragmented", boolean.class);
        closed = TomcatSockets.getter(base, "closed", boolean.class);
        batch = TomcatSockets.getter(base, "outputBuffer", ByteBuffer.class);
        Method end = base.getDeclaredMethod("endMessage", SendHandler.class, SendResult.class);
        end.setAccessible(true);
        endMessage = MethodHandles.insertArguments(MethodHandles.lookup().unreflect(end), 1, null, null)
                .asType(MethodType.methodType(void.class, Object.class));
        wrapper = TomcatSockets.getter(
                Class.forName("org.apache.tomcat.websocket.server.WsRemoteEndpointImplServer", true, loader),
                "socketWrapper",
                Object.class);
        sockets = new TomcatSockets(loader);
    }

    @Override
    public RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable)
            throws ReflectiveOperationException {
        try {
            Object to = endpoint.invoke(session);
            Object socket = wrapper.invoke(to);
            return sockets.hasAsyncIo(socket) ? new Sender(to, socket, remote, portable) : portable;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }

    @Override
    public Loopback.Opener loopback(Session session) throws ReflectiveOperationException {
        try {
            Object owner = container.invoke(session);
            Class<?> network =
                    sockets.endpoint(wrapper.invoke(endpoint.invoke(session))).getClass();
            return cut -> new TomcatLoopback(this, owner, network, cut);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }

    @Override
    public String toString() {
        return "the fast path for Tomcat (" + version + ")";
    }

    /** Holds who is told of the run that is being written, if there is one. */
    final class Sender extends AtomicReference<@Nullable Completion>
            implements RunSender, CompletionHandler<Long, Object>, InvocationHandler {
        private static final long serialVersionUID = 1L;

        private final transient Object endpoint;
        private final transient Semaphore inProgress;
        private final transient ByteBuffer batch;
        private final transient Object wrapper;
        private final transient RemoteEndpoint.Async remote;
        private final transient RunSender portable;

        /** What the wrapper writes to, if nothing such as TLS is in between. */
        private final transient @Nullable SocketChannel channel;

        /** Held during each write, the wrapper's and ours, but not between the two that a run may need. */
        private final transient Semaphore writePending;

        /**
         * Whether what Tomcat wrote before the connection was a WebSocket has left the wrapper's buffer, which nobody fills
         * since. By whoever holds the semaphores.
         */
        private transient boolean empty;

        private final transient Object check = sockets.check(this);

        Sender(Object endpoint, Object wrapper, RemoteEndpoint.Async remote, RunSender portable) throws Throwable {
            this.endpoint = endpoint;
            this.inProgress = (Semaphore) TomcatPath.this.inProgress.invokeExact(endpoint);
            this.batch = (ByteBuffer) TomcatPath.this.batch.invokeExact(endpoint);
            this.wrapper = wrapper;
            this.remote = remote;
            this.portable = portable;
            this.channel = sockets.channel(wrapper);
            this.writePending = sockets.writePending(wrapper);
        }

        @Override
        public void send(Run run, Completion completion) {
            if (!inProgress.tryAcquire()) {
                completion.busy(0);
                return;
            }
            try {
                boolean batching = remote.getBatchingAllowed(); // once: it may be switched off at any time
                if ((boolean) closed.invokeExact(endpoint)) {
                    end();
                    completion.failed(new IllegalStateException("the session has been closed"));
                } else if ((boolean) fragmented.invokeExact(endpoint) || (!batching && batchWaits())) {
                    end();
                    completion.busy(0);
                } else if (batching) {
                    end(); // what the application wrote may be in Tomcat's buffer yet, the end of a frame even
                    portable.send(run, completion);
                } else {
                    write(run, completion);
                }
            } catch (Throwable e) {
                if (get() == null || compareAndSet(completion, null)) {
                    completion.failed(e);
                }
            }
        }

        /** Whether the end of a batch, of one of its frames even, is about to leave, or could not: then it has been flipped. */
        private boolean batchWaits() {
            return batch.position() > 0 || (batch.limit() < batch.capacity() && batch.hasRemaining());
        }

        @Override
        public int touch() {
            try {
                return inProgress.availablePermits()
                        + ((boolean) closed.invokeExact(endpoint) ? 1 : 0)
                        + writePending.availablePermits()
                        + batch.position()
                        + (channel != null && channel.isConnected() ? 1 : 0)
                        + (remote.getBatchingAllowed() ? 1 : 0);
            } catch (Throwable e) {
                return 0; // send will meet it
            }
        }

        private void write(Run run, Completion completion) throws Throwable {
            ByteBuffer frames = run.frames();
            if (channel != null) {
                if (!acquireWritePending()) {
                    end();
                    completion.busy(0);
                    return;
                }
                int written;
                try {
                    written = writeNow(channel, frames);
                } catch (Throwable e) {
                    end();
                    completion.failed(e);
                    return;
                }
                if (!frames.hasRemaining()) {
                    end();
                    completion.done();
                    return;
                }
                if (written > 0) {
                    completion.progress();
                }
            }
            writeByWrapper(frames, completion);
        }

        /** Not before others who wait for it: they are Tomcat's, and have no messagePartInProgress any more. */
        private boolean acquireWritePending() {
            if (!writePending.tryAcquire()) {
                return false;
            }
            if (writePending.hasQueuedThreads()) {
                writePending.release();
                return false;
            }
            return true;
        }

        /** Writes what the socket takes. Releases writePending, as the wrapper will acquire it. */
        private int writeNow(SocketChannel to, ByteBuffer frames) throws Throwable {
            try {
                IOException error = sockets.error(wrapper);
                if (error != null) {
                    throw error;
                }
                if (!empty) {
                    empty = !sockets.hasDataToWrite(wrapper);
                }
                return empty ? to.write(frames) : 0;
            } finally {
                writePending.release();
            }
        }

        private void writeByWrapper(ByteBuffer frames, Completion completion) throws Throwable {
            boolean begun = frames.position() > 0;
            set(completion);
            if (!sockets.write(wrapper, frames, check, this) && compareAndSet(completion, null)) {
                if (begun) { // nobody may write behind half a frame: the semaphore stays where it is
                    completion.failed(new IllegalStateException("somebody wrote behind the first part of a run"));
                } else {
                    end();
                    completion.busy(0);
                }
            }
        }

        /** Tomcat asks after every write whether that was all: its CompletionCheck.callHandler. */
        @Override
        public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (arguments == null || !(arguments[1] instanceof ByteBuffer[] buffers)) {
                return method.invoke(this, arguments); // toString, perhaps, of whoever debugs
            }
            if (!buffers[0].hasRemaining()) {
                return sockets.complete;
            }
            Completion told = get();
            if (told != null) {
                told.progress();
            }
            return sockets.goOn;
        }

        @Override
        public void completed(Long bytes, Object attachment) {
            finish(null);
        }

        @Override
        public void failed(Throwable cause, Object attachment) {
            finish(cause);
        }

        /** The semaphore first: whoever is told may send the next run at once. */
        private void finish(@Nullable Throwable failure) {
            Completion told = getAndSet(null);
            if (told == null) {
                return;
            }
            Throwable cause = failure;
            try {
                end();
            } catch (Throwable e) {
                cause = cause == null ? e : cause;
            }
            if (cause == null) {
                told.done();
            } else {
                told.failed(cause);
            }
        }

        /** Writes what Tomcat queued behind the run, or gives the semaphore back. */
        private void end() throws Throwable {
            endMessage.invokeExact(endpoint);
        }
    }
}
