package dev.fanfare.jakarta;

import dev.fanfare.Broadcaster;
import dev.fanfare.LocalBroadcaster;
import dev.fanfare.redis.RedisBroadcaster;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Classes of web applications that a container scans; each test puts some of them into its WAR. */
final class Scanned {

    /** The system property that names a Redis; without it a hub is alone. */
    static final String REDIS = "scanned.redis";

    private Scanned() {}

    @ServerEndpoint("/rooms/{room}")
    @Broadcast("room.{room}.{team}")
    public static class Room {
        @OnMessage
        public String message(String text) {
            return text;
        }
    }

    /** The container's own business. */
    @ServerEndpoint("/plain")
    public static class Plain {
        @OnMessage
        public String message(String text) {
            return "plain " + text;
        }
    }

    @WebListener
    public static class App extends BroadcastApplication {
        @Override
        protected WebSocketHub createHub() {
            return hub();
        }
    }

    /** Somebody forgot {@code @WebListener}. */
    public static class Forgetful extends Base {}

    /** What an organisation's applications have in common. */
    public abstract static class Base extends BroadcastApplication {
        @Override
        protected WebSocketHub createHub() {
            return hub();
        }
    }

    @WebListener
    public static class Deep extends Base {}

    @WebListener
    public static class Failing extends BroadcastApplication {
        @Override
        protected WebSocketHub createHub() {
            throw new IllegalArgumentException("no such Redis");
        }
    }

    /** Deploys the room in code, and keeps the container from doing so. */
    @WebListener
    public static class ByHand implements ServerApplicationConfig, ServletContextListener {
        private @Nullable WebSocketHub hub;

        @Override
        public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> scanned) {
            return Set.of();
        }

        @Override
        public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
            return Set.of();
        }

        @Override
        public void contextInitialized(ServletContextEvent event) {
            var container = (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
            hub = hub();
            try {
                container.addEndpoint(hub.endpoint(Room.class));
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            hub.close();
        }
    }

    /** Deploys whatever there is, beside a {@link BroadcastApplication}. */
    public static class Everything implements ServerApplicationConfig {
        @Override
        public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> scanned) {
            return Set.of();
        }

        @Override
        public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
            return scanned;
        }
    }

    /** How many sessions the published hub has. Where no servlet has a path, Tomcat calls no filter, not even its own. */
    @WebServlet("/")
    public static class Count extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            var hub = (WebSocketHub) getServletContext().getAttribute("dev.fanfare.jakarta.WebSocketHub");
            response.getWriter().print(hub.stats().sessions());
        }
    }

    static WebSocketHub hub() {
        String redis = System.getProperty(REDIS);
        Broadcaster broadcaster = redis == null ? LocalBroadcaster.create() : RedisBroadcaster.connect(redis);
        return WebSocketHub.create(broadcaster);
    }
}
