package dev.fanfare.examples;

import dev.fanfare.examples.containers.GrizzlyWebSockets;
import dev.fanfare.examples.containers.TyrusSettings;
import dev.fanfare.jakarta.WebSocketHub;
import java.io.IOException;
import java.util.List;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.jspecify.annotations.Nullable;

/** Tyrus on an HTTP server of Grizzly, which serves the site on the same port. There are no servlets, and so no filter. */
final class TyrusContainer implements Container {
    private final HttpServer grizzly = new HttpServer();
    private @Nullable GrizzlyWebSockets webSockets;

    @Override
    public int start(int port, WebSocketHub hub, List<Class<?>> endpoints, Site site) throws Exception {
        NetworkListener listener = new NetworkListener("chat", "0.0.0.0", port);
        TyrusSettings.manySessions(listener);
        webSockets = new GrizzlyWebSockets(listener);
        for (Class<?> endpoint : endpoints) {
            webSockets.addEndpoint(hub.endpoint(endpoint));
        }
        grizzly.addListener(listener);
        grizzly.getServerConfiguration().addHttpHandler(new SiteHandler(site), "/");
        webSockets.start("/", port);
        grizzly.start();
        return listener.getPort();
    }

    @Override
    public void close() {
        grizzly.shutdownNow();
        if (webSockets != null) {
            webSockets.stop();
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
                    request.getServerName(),
                    request.getLocalPort()));
            response.setStatus(answer.status());
            answer.headers().forEach(response::setHeader);
            byte[] content = answer.content();
            response.setBufferSize(Math.max(MINIMAL_BUFFER, content.length)); // Grizzly 4.0 forgets the type of more
            response.getOutputStream().write(content);
        }
    }
}
