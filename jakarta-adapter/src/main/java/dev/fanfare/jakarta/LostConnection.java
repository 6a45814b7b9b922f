package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;

/**
 * What Undertow calls normal and is not: when a connection breaks, it closes the session with 1000 by itself, and says so if the
 * hub closes the session before Undertow has told of the end (WebSocketChannel.lastDataRead and UndertowSession.closeInternal
 * of 2.3.24). Reflection, as the adapter knows no container; it is asked once for a session.
 */
final class LostConnection {

    private static final Logger LOG = System.getLogger(LostConnection.class.getName());

    private LostConnection() {}

    /** Why {@code session}, which the hub closes with another code than 1000, ended, if its container says {@code told}. */
    static CloseReason reason(Session session, CloseReason told) {
        return told.getCloseCode().getCode() == CloseCodes.NORMAL_CLOSURE.getCode() && isLost(session)
                ? new CloseReason(CloseCodes.CLOSED_ABNORMALLY, null)
                : told;
    }

    private static boolean isLost(Session session) {
        if (!session.getClass().getName().startsWith("io.undertow.")) {
            return false;
        }
        try {
            Method channel = session.getClass().getMethod("getWebSocketChannel");
            return !(boolean) channel.getReturnType()
                    .getMethod("isCloseInitiatedByRemotePeer")
                    .invoke(channel.invoke(session));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "Undertow does not say who closed a session", e);
            return false;
        }
    }
}
