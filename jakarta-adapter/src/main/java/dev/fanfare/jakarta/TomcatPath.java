package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
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
 * messagePartInProgress. A run takes that semaphore, looks whether a message of the application is half sent, writes
 * with SocketWrapperBase.write, and gives the semaphore back with endMessage, which first writes what Tomcat queued
 * meanwhile. So neither the application's messages nor pings, pongs and close frames can come between the bytes of a run,
 * and none is refused because of one: to Tomcat a run is a message. Unlike Tomcat's own asynchronous send, this
 * write does not cost a task of the connector's executor when the socket takes all at once.
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
                    ? new Sender(to, (Semaphore) inProgress.invoke(to), wrapper, remote, portable)
                    : portable; // a connector with useAsyncIO="false"
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
        private final transient Object check =
                Proxy.newProxyInstance(checkType.getClassLoader(), new Class<?>[] {checkType}, this);

        Sender(Object endpoint, Semaphore inProgress, Object socket, RemoteEndpoint.Async remote, RunSender portable) {
            this.endpoint = endpoint;
            this.inProgress = inProgress;
            this.socket = socket;
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
                        + (remote.getBatchingAllowed() ? 1 : 0);
            } catch (Throwable e) {
                return 0; // send will meet it
            }
        }

        private void write(Run run, Completion completion) throws Throwable {
            set(completion);
            Object state = write.invokeExact(
                    socket, new ByteBuffer[] {run.frames()}, check, (CompletionHandler<Long, Object>) this);
            if (state == notDone && compareAndSet(completion, null)) {
                end();
                completion.busy(0);
            }
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
