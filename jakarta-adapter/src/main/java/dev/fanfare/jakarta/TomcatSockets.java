package dev.fanfare.jakarta;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is reached of SocketWrapperBase, Tomcat's side of a connection, beneath a {@link TomcatPath}. Immutable. */
final class TomcatSockets {

    private static final String NET = "org.apache.tomcat.util.net.";
    private static final String WRAPPER = NET + "SocketWrapperBase";

    private final MethodHandle endpoint;
    private final MethodHandle hasAsyncIo;
    private final MethodHandle hasDataToWrite;
    private final MethodHandle error;
    private final MethodHandle closed;
    private final MethodHandle writePending;
    private final MethodHandle nioChannel;
    private final Class<?> nioChannelType;
    private final MethodHandle channel;
    private final MethodHandle write;
    private final Class<?> checkType;
    private final Object notDone;

    /** Said by a CompletionCheck: there is more to write. */
    final Object goOn;

    /** Said by a CompletionCheck: that was all. */
    final Object complete;

    TomcatSockets(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> wrapper = Class.forName(WRAPPER, true, loader);
        Method network = wrapper.getDeclaredMethod("getEndpoint");
        network.setAccessible(true);
        endpoint = MethodHandles.lookup().unreflect(network).asType(MethodType.genericMethodType(1));
        hasAsyncIo = method(wrapper, "hasAsyncIO", boolean.class);
        hasDataToWrite = method(wrapper, "hasDataToWrite", boolean.class);
        writePending = getter(wrapper, "writePending", Semaphore.class);
        error = method(wrapper, "getError", IOException.class);
        closed = method(wrapper, "isClosed", boolean.class);
        nioChannel = method(wrapper, "getSocket", Object.class);
        nioChannelType = Class.forName(NET + "NioChannel", true, loader);
        channel = method(nioChannelType, "getIOChannel", SocketChannel.class);
        checkType = Class.forName(WRAPPER + "$CompletionCheck", true, loader);
        write = write(wrapper, constant(loader, "BlockingMode", "NON_BLOCK"));
        notDone = constant(loader, "CompletionState", "NOT_DONE");
        goOn = constant(loader, "CompletionHandlerCall", "CONTINUE");
        complete = constant(loader, "CompletionHandlerCall", "DONE");
    }

    /** Reads the field {@code name} of an object of the class {@code owner}. */
    static MethodHandle getter(Class<?> owner, String name, Class<?> type) throws ReflectiveOperationException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return MethodHandles.lookup().unreflectGetter(field).asType(MethodType.methodType(type, Object.class));
    }

    private static MethodHandle method(Class<?> owner, String name, Class<?> type) throws ReflectiveOperationException {
        return MethodHandles.publicLookup()
                .unreflect(owner.getMethod(name))
                .asType(MethodType.methodType(type, Object.class));
    }

    private static Object constant(ClassLoader loader, String type, String name) throws ReflectiveOperationException {
        return Class.forName(WRAPPER + "$" + type, true, loader).getField(name).get(null);
    }

    /** SocketWrapperBase.write as (wrapper, buffers, check, handler), without a timeout: the hub keeps its own. */
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
                .orElseThrow(() -> new NoSuchMethodException(WRAPPER + ".write"));
        MethodHandle handle = MethodHandles.publicLookup().unreflect(method);
        return MethodHandles.insertArguments(handle, 2, 0, 1, mode, 0L, TimeUnit.MILLISECONDS, null)
                .asType(MethodType.methodType(
                        Object.class, Object.class, ByteBuffer[].class, Object.class, CompletionHandler.class));
    }

    /** The network endpoint that accepted {@code wrapper}'s connection. */
    Object endpoint(Object wrapper) throws Throwable {
        return endpoint.invokeExact(wrapper);
    }

    /** Whether {@link #write} can be called; not with a connector of {@code useAsyncIO="false"}. */
    boolean hasAsyncIo(Object wrapper) throws Throwable {
        return (boolean) hasAsyncIo.invokeExact(wrapper);
    }

    /** Whether the wrapper's own buffer holds bytes that have to leave before any others. */
    boolean hasDataToWrite(Object wrapper) throws Throwable {
        return (boolean) hasDataToWrite.invokeExact(wrapper);
    }

    /** Held by the wrapper as long as a {@link #write} is under way, even if nobody waits for its end any more. */
    Semaphore writePending(Object wrapper) throws Throwable {
        return (Semaphore) writePending.invokeExact(wrapper);
    }

    /** What went wrong before, half way through a frame perhaps: since then the wrapper writes nothing. */
    @Nullable
    IOException error(Object wrapper) throws Throwable {
        return (IOException) error.invokeExact(wrapper);
    }

    /**
     * What {@code wrapper} writes to, if that is a socket with nothing between, such as TLS. A NioChannel is Tomcat's, which
     * gives it to another connection when this one has ended; a SocketChannel is of the JDK and has one connection in its life.
     */
    @Nullable
    SocketChannel channel(Object wrapper) throws Throwable {
        Object own = nioChannel.invokeExact(wrapper);
        if (own.getClass() != nioChannelType) {
            return null;
        }
        var found = (SocketChannel) channel.invokeExact(own);
        VarHandle.loadLoadFence(); // it may be that of another connection, but then this one has been closed before
        return (boolean) closed.invokeExact(wrapper) ? null : found;
    }

    /** A CompletionCheck, which {@link #write} asks after each step. */
    Object check(InvocationHandler handler) {
        return Proxy.newProxyInstance(checkType.getClassLoader(), new Class<?>[] {checkType}, handler);
    }

    /**
     * Writes by the wrapper, which waits for the socket; false if another such write is under way, and else {@code handler}
     * is told the outcome, perhaps within this call; never if the connection is closed while this waits for the socket.
     */
    boolean write(Object wrapper, ByteBuffer bytes, Object check, CompletionHandler<Long, Object> handler)
            throws Throwable {
        Object state = write.invokeExact(wrapper, new ByteBuffer[] {bytes}, check, handler);
        return state != notDone;
    }
}
