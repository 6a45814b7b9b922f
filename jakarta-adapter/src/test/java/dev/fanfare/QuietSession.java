package dev.fanfare;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A container's session that costs next to nothing: it takes every text at once, and its client says nothing. */
final class QuietSession implements InvocationHandler {

    private static final RemoteEndpoint.Async REMOTE = (RemoteEndpoint.Async) Proxy.newProxyInstance(
            QuietSession.class.getClassLoader(),
            new Class<?>[] {RemoteEndpoint.Async.class},
            (proxy, method, arguments) -> {
                if (method.getName().equals("sendText")) {
                    ((SendHandler) arguments[1]).onResult(new SendResult());
                }
                return null;
            });

    private static final URI REQUEST = URI.create("ws://localhost/rooms/tea");

    private final List<Object> handlers;

    private QuietSession(List<Object> handlers) {
        this.handlers = handlers;
    }

    /** One whose message handlers go into {@code handlers}. */
    static Session of(List<Object> handlers) {
        return (Session) Proxy.newProxyInstance(
                QuietSession.class.getClassLoader(), new Class<?>[] {Session.class}, new QuietSession(handlers));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        if (method.getName().equals("addMessageHandler")) {
            handlers.add(arguments[arguments.length - 1]);
            return null;
        }
        return switch (method.getName()) {
            case "getAsyncRemote" -> REMOTE;
            case "getNegotiatedExtensions" -> List.of();
            case "getPathParameters" -> Map.of("room", "tea");
            case "getRequestURI" -> REQUEST;
            case "getUserProperties" -> new ConcurrentHashMap<>();
            case "isOpen" -> true;
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "toString" -> "quiet session";
            default -> null;
        };
    }
}
