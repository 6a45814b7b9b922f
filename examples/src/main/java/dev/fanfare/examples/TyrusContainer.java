package dev.fanfare.examples;

import dev.fanfare.jakarta.WebSocketHub;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.strategies.WorkerThreadIOStrategy;
import org.glassfish.tyrus.container.grizzly.server.WebSocketAddOn;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.WebSocketEngine;

/** Tyrus on an HTTP server of Grizzly, which serves the site on the same port. There are no servlets, and so no filter. */
final class TyrusContainer implements Container {
    private final HttpServer grizzly = new HttpServer();
    private final WebSockets webSockets = new WebSockets();

    @Override
    public int start(int port, WebSocketHub hub, List<Class<?>> endpoints, Site site) throws Exception {
        for (Class<?> endpoint : endpoints) {
            webSockets.addEndpoint(hub.endpoint(endpoint));
        }
        NetworkListener listener = new NetworkListener("chat", "0.0.0.0", port);
        listener.getTransport().setIOStrategy(WorkerThreadIOStrategy.getInstance()); // endpoints may wait
        listener.getKeepAlive().setIdleTimeoutInSeconds(-1); // the default ends a quiet session after 30 s
        listener.registerAddOn(new WebSocketAddOn(webSockets, "/"));
        grizzly.addListener(listener);
        grizzly.getServerConfiguration().addHttpHandler(new SiteHandler(site), "/");
        webSockets.start("/", port);
        grizzly.start();
        return listener.getPort();
    }

    @Override
    public void close() {
        grizzly.shutdownNow();
        webSockets.stop();
    }

    /** What Tyrus' own container does, without an HTTP server of its own, which would serve files and nothing else. */
    private static final class WebSockets extends TyrusServerContainer {
        private final WebSocketEngine engine =
                TyrusWebSocketEngine.builder(this).build();

        WebSockets() {
            super(Set.of());
        }

        @Override
        public void register(Class<?> endpoint) throws DeploymentException {
            engine.register(endpoint, "/");
        }

        @Override
        public void register(ServerEndpointConfig endpoint) throws DeploymentException {
            engine.register(endpoint, "/");
        }

        @Override
        public WebSocketEngine getWebSocketEngine() {
            return engine;
        }

        @Override
        public Map<String, Object> getProperties() {
            return Map.of();
        }
    }

    /** The site, where there are no servlets. */
    private static final class SiteHandler extends HttpHandler {
        private static final int MINIMAL_BUFFER = 1024;

        private final Site site;

        SiteHandler(Site site) {
            this.site = site;
        }

        @Override
        public void service(Request request, Response response) throws IOException {
            Answer answer = site.answer(new Question(
                    request.getMethod().getMethodString(),
                    request.getRequestURI(),
                    request.getHeader("If-None-Match"),
                    request.getLocalPort()));
            response.setStatus(answer.status());
            answer.headers().forEach(response::setHeader);
            byte[] content = answer.content();
            response.setBufferSize(Math.max(MINIMAL_BUFFER, content.length)); // Grizzly 4.0 forgets the type of more
            response.getOutputStream().write(content);
        }
    }
}
