package dev.fanfare.examples;

import dev.fanfare.HubStats;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/** What the chat serves besides its endpoint: the page, and {@code /health} for load balancers. Thread-safe. */
final class Site extends HttpServlet {
    private static final long serialVersionUID = 1;

    /** Nothing from elsewhere and nothing inline; {@code 'self'} covers the page's own WebSocket. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, PageFile> FILES = Map.of(
            "/", PageFile.read("index.html", "text/html;charset=utf-8"),
            "/chat.js", PageFile.read("chat.js", "text/javascript;charset=utf-8"),
            "/chat.css", PageFile.read("chat.css", "text/css;charset=utf-8"),
            "/favicon.svg", PageFile.read("favicon.svg", "image/svg+xml"));

    private final transient Supplier<HubStats> stats;

    Site(Supplier<HubStats> stats) {
        this.stats = stats;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        protect(response);
        String path = request.getRequestURI();
        PageFile file = FILES.get(path);
        if (file == null && !path.equals("/health")) {
            text(HttpServletResponse.SC_NOT_FOUND, "Not found; the chat is at /")
                    .send(request, response);
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            text(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Only GET and HEAD").send(request, response);
        } else if (file != null) {
            file.send(request, response);
        } else {
            health(request.getLocalPort()).send(request, response);
        }
    }

    /** Ready when messages flow: a load balancer should send nobody to a node that does not reach Redis. */
    private Body health(int node) {
        HubStats now = stats.get();
        int status = now.connected() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        String json = "{\"connected\":%b,\"node\":%d,\"sessions\":%d}\n";
        return Body.of(status, "application/json", json.formatted(now.connected(), node, now.sessions()));
    }

    private static Body text(int status, String text) {
        return Body.of(status, "text/plain;charset=utf-8", text + "\n");
    }

    private static void protect(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
    }
}
