package dev.fanfare.jakarta;

import dev.fanfare.jakarta.Rows.Base;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of the table of signatures whose methods are told of the beginning, the end and errors. */
final class LifecycleEndpoints {

    private LifecycleEndpoints() {}

    @ServerEndpoint("/t/{id}/{color}")
    public static class OpenAll extends Base {
        @OnOpen
        public void open(
                @PathParam("other") @Nullable String other,
                Session session,
                @PathParam("id") int id,
                EndpointConfig config,
                @PathParam("color") String color) {
            saw("open", session, config, id, color, other);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class OpenQuery extends Base {
        @OnOpen
        public void open(
                @QueryParam("name") String name,
                @QueryParam("flag") Optional<String> flag,
                @QueryParam("color") Optional<String> color,
                Session session) {
            saw("open", name, flag, color, session);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class CloseQuery extends Base {
        @OnClose
        public void close(CloseReason reason, @QueryParam("name") String name) {
            saw("close", reason.getCloseCode().getCode(), name);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ErrorQuery extends Base {
        @OnError
        public void error(Throwable cause, @QueryParam("name") String name) {
            saw("error", cause.getMessage(), name);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class OpenNothing extends Base {
        @OnOpen
        public void open() {
            saw("open");
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class CloseAll extends Base {
        @OnClose
        public void close(CloseReason reason, @PathParam("id") Long id, Session session) {
            saw("close", session, reason.getCloseCode().getCode(), id);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class CloseNothing extends Base {
        @OnClose
        public void close() {
            saw("close");
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ErrorAll extends Base {
        @OnError
        public void error(@PathParam("id") short id, Throwable cause, Session session) {
            saw("error", session, cause.getMessage(), id);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class OpenThrows extends Base {
        @OnOpen
        public void open() {
            throw new IllegalStateException("no");
        }

        @OnError
        public void error(Throwable cause) {
            saw("error", cause.getMessage());
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class CloseThrows extends Base {
        @OnClose
        public void close() {
            throw new IllegalStateException("no");
        }

        @OnError
        public void error(Throwable cause) {
            saw("error", cause.getMessage());
        }
    }

    @ServerEndpoint("/t")
    public static class ErrorRethrows extends Base {
        @OnMessage
        public void message(String text) {
            throw new IllegalStateException(text);
        }

        @OnError
        public void error(Throwable cause) throws Throwable {
            saw(cause.getMessage());
            throw cause;
        }
    }
}
