package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.util.List;

/**
 * Drops the TCP connection of a session, which the standard API cannot. Jetty, Undertow and Tyrus keep that of a client
 * that does not read, whatever is closed: Jetty until its idle timeout, the others for ever. Tomcat keeps that of a client
 * that does not answer a close frame which could be written, for 30 to 40 s (WsSession.sessionCloseTimeoutExpiry). Reflection, as the adapter knows no container; it is called once for a session that was given up.
 */
final class HardClose {

    private static final Logger LOG = System.getLogger(HardClose.class.getName());

    /** Jetty's JakartaWebSocketSession.abort and Undertow's UndertowSession.forceClose, both public. */
    private static final List<String> METHODS = List.of("abort", "forceClose");

    /**
     * From Tyrus' session to Grizzly's connection (TyrusSession, TyrusRemoteEndpoint, TyrusWebSocket, ProtocolHandler,
     * GrizzlyWriter of 2.2.2). There is no public way. On the module path Tyrus does not let us, and the connection stays.
     */
    private static final List<String> TYRUS_FIELDS =
            List.of("basicRemote", "webSocket", "protocolHandler", "writer", "connection");

    private HardClose() {}

    /**
     * Drops the connection; false if the container has no way, which is no error.
     *
     * @param reason what the client was told before
     */
    static boolean drop(Session session, CloseReason reason) {
        try {
            if (session.getClass().getName().startsWith("org.apache.tomcat.")) {
                // WsSession.onClose, public: as if the client had answered the close frame.
                session.getClass().getMethod("onClose", CloseReason.class).invoke(session, reason);
                return true;
            }
            for (String method : METHODS) {
                if (has(session, method)) {
                    invoke(session, method);
                    return true;
                }
            }
            return session.getClass().getName().startsWith("org.glassfish.tyrus.") && dropGrizzly(session);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "The connection of a session cannot be dropped", e);
            return false;
        }
    }

    private static boolean dropGrizzly(Session session) throws ReflectiveOperationException {
        Object connection = session;
        for (String name : TYRUS_FIELDS) {
            Field field = field(connection.getClass(), name);
            field.setAccessible(true);
            connection = field.get(connection);
        }
        invoke(connection, "terminateSilently");
        return true;
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        throw new NoSuchFieldException(type.getName() + "." + name);
    }

    private static boolean has(Object target, String method) {
        for (var candidate : target.getClass().getMethods()) {
            if (candidate.getName().equals(method) && candidate.getParameterCount() == 0) {
                return true;
            }
        }
        return false;
    }

    private static void invoke(Object target, String method) throws ReflectiveOperationException {
        target.getClass().getMethod(method).invoke(target);
    }
}
