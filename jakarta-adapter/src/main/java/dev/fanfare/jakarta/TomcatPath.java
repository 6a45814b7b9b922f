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
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
 * <p>It writes to the socket's channel, and what that does not take with SocketWrapperBase.write, which waits for the
 * socket. Where TLS is in between, or bytes from before the upgrade are still in the wrapper's buffer, it is the wrapper
 * from the start. Unlike Tomcat's own asynchronous send, none of that costs a task of the connector's executor when the
 * socket takes all at once. The channel, a class of the JDK, is kept: Tomcat uses its own NioChannel again for others.
 *
 * <p>There is no public way; on the module path Tomcat does not let us, and the portable path serves.
 */
final class TomcatPath implements FastPath {

    private static final String NET = "org.apache.tomcat.util.net.SocketWrapperBase";

    private final MethodHandle endpoint;
    private final MethodHandle container;
    private final MethodHandle networkEndpoint;
    private final MethodHandle inProgress;
    private final MethodHandle fragmented;
    private final MethodHandle closed;
    private final MethodHandle endMessage;
    private final MethodHandle socket;
    private final MethodHandle canWrite;
    private final MethodHandle writePending;
    private final MethodHandle hasDataToWrite;
    private final MethodHandle innerChannel;
    private final MethodHandle socketChannel;
    private final Class<?> plain;
    private final MethodHandle write;
    private final Class<?> checkType;
    private final Object notDone;
    private final Object goOn;
    private final Object complete;
    private final String version;

    TomcatPath(Class<?> session) throws ReflectiveOperationException {
        ClassLoader loader = session.getClassLoader();
        version = (String) Class.forName("org.apache.catalina.util.ServerInfo", true, loader)
                .getMethod("getServerNumber")
                .invoke(null);
        FastPaths.UnsupportedVersionException.check("Tomcat", version, "10.1.", "11.0.");
        Class<?> base = Class.forName("org.apache.tomcat.websocket.WsRemoteEndpointImplBase", true, loader);
        endpoint = getter(session, "wsRemoteEndpoint", Object.class);
        container = getter(session, "webSocketContainer", Object.class);
        inProgress = getter(base, "messagePartInProgress", Semaphore.class);
        fragmented = getter(base, "fragmented", boolean.class);
        closed = getter(base, "closed", boolean.class);
        Method end = base.getDeclaredMethod("endMessage", SendHandler.class, SendResult.class);
        end.setAccessible(true);
        endMessage = MethodHandles.insertArguments(MethodHandles.lookup().unreflect(end), 1, null, null)
                .asType(MethodType.methodType(void.class, Object.class));
        socket = getter(
                Class.forName("org.apache.tomcat.websocket.server.WsRemoteEndpointImplServer", true, loader),
                "socketWrapper",
                Object.class);
        Class<?> wrapper = Class.forName(NET, true, loader);
        Method network = wrapper.getDeclaredMethod("getEndpoint");
        network.setAccessible(true);
        networkEndpoint =
                MethodHandles.lookup().unreflect(network).asType(MethodType.methodType(Object.class, Object.class));
        canWrite = MethodHandles.publicLookup()
                .unreflect(wrapper.getMethod("hasAsyncIO"))
                .asType(MethodType.methodType(boolean.class, Object.class));
        writePending = getter(wrapper, "writePending", Semaphore.class);
        hasDataToWrite = MethodHandles.publicLookup()
                .unreflect(wrapper.getMethod("hasDataToWrite"))
                .asType(MethodType.methodType(boolean.class, Object.class));
        innerChannel = MethodHandles.publicLookup()
                .unreflect(wrapper.getMethod("getSocket"))
                .asType(MethodType.methodType(Object.class, Object.class));
        plain = Class.forName("org.apache.tomcat.util.net.NioChannel", true, loader);
        socketChannel = MethodHandles.publicLookup()
                .unreflect(plain.getMethod("getIOChannel"))
                .asType(MethodType.methodType(SocketChannel.class, Object.class));
        checkType = Class.forName(NET + "$CompletionCheck", true, loader);
        write = write(wrapper, constant(loader, "BlockingMode", "NON_BLOCK"));
        notDone = constant(loader, "CompletionState", "NOT_DONE");
        goOn = constant(loader, "CompletionHandlerCall", "CONTINUE");
        complete = constant(loader, "CompletionHandlerCall", "DONE");
    }

    private static MethodHandle getter(Class<?> owner, String name, Class<?> type) throws ReflectiveOperationException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return MethodHandles.lookup().unreflectGetter(field).asType(MethodType.methodType(type, Object.class));
    }

    private static Object constant(ClassLoader loader, String type, String name) throws ReflectiveOperationException {
        return Class.forName(NET + "$" + type, true, loader).getField(name).get(null);
    }

    /** SocketWrapperBase.write as (socket, buffers, check, handler), without a timeout: the hub keeps its own. */
    private MethodHandle write(Class<?> wrapper, Object mode) throws ReflectiveOperationException {
        Method method = Stream.of(wrapper.getMethods())
                .filter(m -> m.getName().equals("write"))
                .filter(m -> List.of(m.getParameterTypes())
                        .equals(List.of(
                                ByteBuffer[].class,
                                int.class,
                                int.class,
                                mode.getClass(),
                                long.class,
                                TimeUnit.class,
                                Object.class,
                                checkType,
                                CompletionHandler.class)))
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(NET + ".write"));
        MethodHandle handle = MethodHandles.publicLookup().unreflect(method);
        return MethodHandles.insertArguments(handle, 2, 0, 1, mode, 0L, TimeUnit.MILLISECONDS, null)
                .asType(MethodType.methodType(
                        Object.class, Object.class, ByteBuffer[].class, Object.class, CompletionHandler.class));
    }

    @Override
    public RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable)
            throws ReflectiveOperationException {
        try {
            Object to = endpoint.invoke(session);
            Object wrapper = socket.invoke(to);
            return (boolean) canWrite.invoke(wrapper)
                    ? new Sender(to, (Semaphore) inProgress.invoke(to), wrapper, channel(wrapper), remote, portable)
                    : portable; // a connector with useAsyncIO="false"
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }

    /** What {@code wrapper} writes to, if that is a socket without anything between. */
    private @Nullable SocketChannel channel(Object wrapper) throws Throwable {
        Object channel = innerChannel.invoke(wrapper);
        return channel.getClass() == plain ? (SocketChannel) socketChannel.invoke(channel) : null;
    }

    @Override
    public Loopback.Opener loopback(Session session) throws ReflectiveOperationException {
        try {
            Object owner = container.invoke(session);
            Class<?> network = networkEndpoint
                    .invoke(socket.invoke(endpoint.invoke(session)))
                    .getClass();
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
        private final transient Object socket;
        private final transient RemoteEndpoint.Async remote;
        private final transient RunSender portable;
        /** The socket itself, if nothing such as TLS is between it and Tomcat. */
        private final transient @Nullable SocketChannel channel;

        /** Whether what Tomcat wrote before the connection was a WebSocket has left its buffer, to which nobody writes since. */
        private boolean empty;

        private final transient Object check =
                Proxy.newProxyInstance(checkType.getClassLoader(), new Class<?>[] {checkType}, this);

        Sender(
                Object endpoint,
                Semaphore inProgress,
                Object socket,
                @Nullable SocketChannel channel,
                RemoteEndpoint.Async remote,
                RunSender portable) {
            this.endpoint = endpoint;
            this.inProgress = inProgress;
            this.socket = socket;
            this.channel = channel;
            this.remote = remote;
            this.portable = portable;
        }

        @Override
        public void send(Run run, Completion completion) {
            if (!inProgress.tryAcquire()) {
                completion.busy(0);
                return;
            }
            try {
                if ((boolean) closed.invokeExact(endpoint)) {
                    end();
                    completion.failed(new IllegalStateException("the session has been closed"));
                } else if ((boolean) fragmented.invokeExact(endpoint)) {
                    end();
                    completion.busy(0);
                } else if (remote.getBatchingAllowed()) {
                    end(); // what the application wrote may be in Tomcat's buffer yet, the end of a frame even
                    portable.send(run, completion);
                } else {
                    write(run, completion);
                }
            } catch (Throwable e) {
                completion.failed(e);
            }
        }

        @Override
        public int touch() {
            try {
                return inProgress.availablePermits()
                        + ((boolean) closed.invokeExact(endpoint) ? 1 : 0)
                        + (channel != null && channel.isConnected() ? 1 : 0)
                        + (remote.getBatchingAllowed() ? 1 : 0);
            } catch (Throwable e) {
                return 0; // send will meet it
            }
        }

        private void write(Run run, Completion completion) throws Throwable {
            ByteBuffer frames = run.frames();
            int length = frames.remaining();
            if (channel != null && writeDirectly(channel, frames, completion)) {
                return;
            }
            set(completion);
            Object state =
                    write.invokeExact(socket, new ByteBuffer[] {frames}, check, (CompletionHandler<Long, Object>) this);
            if (state == notDone && compareAndSet(completion, null)) {
                end();
                if (frames.remaining() == length) {
                    completion.busy(0);
                } else {
                    completion.failed(new IllegalStateException("somebody writes behind the first part of a run"));
                }
            }
        }

        /**
         * Writes as much as the socket takes; true if the outcome is known. Holds what the wrapper's writes hold meanwhile: one
         * of the application's that blocked too long is given up by it and still goes on there.
         */
        private boolean writeDirectly(SocketChannel to, ByteBuffer frames, Completion completion) throws Throwable {
            if (!empty) {
                empty = !(boolean) hasDataToWrite.invokeExact(socket);
                if (!empty) {
                    return false;
                }
            }
            Semaphore pending = (Semaphore) writePending.invokeExact(socket);
            if (!pending.tryAcquire()) {
                end();
                completion.busy(0);
                return true;
            }
            int written = 0;
            IOException failure = null;
            try {
                written = to.write(frames);
            } catch (IOException e) {
                failure = e;
            } finally {
                pending.release(); // before end(), which may write through the wrapper
            }
            if (failure == null && frames.hasRemaining()) {
                if (written > 0) {
                    completion.progress();
                }
                return false;
            }
            end();
            if (failure == null) {
                completion.done();
            } else {
                completion.failed(failure);
            }
            return true;
        }

        /** Tomcat asks after every write whether that was all: its CompletionCheck.callHandler. */
        @Override
        public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (arguments == null || !(arguments[1] instanceof ByteBuffer[] buffers)) {
                return method.invoke(this, arguments); // toString, perhaps, of whoever debugs
            }
            if (!buffers[0].hasRemaining()) {
                return complete;
            }
            Completion told = get();
            if (told != null) {
                told.progress();
            }
            return goOn;
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
