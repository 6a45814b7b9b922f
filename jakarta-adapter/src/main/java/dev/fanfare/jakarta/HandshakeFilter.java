package dev.fanfare.jakarta;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Refuses handshakes that can become no session of a hub's endpoint while they are HTTP requests, with a status and a line
 * of text that a developer sees in the browser: 400 if a variable or parameter is missing or against the rules, 403 if the
 * page's origin is not allowed or the application's {@link Authorizer} refuses. Other requests pass untouched.
 *
 * <p>{@link #addTo} installs it, or the application does, before the filters of the container; frameworks take it as a
 * bean. Without it the same handshakes are refused after the upgrade: the session is closed with 1008 and the same text,
 * {@code @OnOpen} is not called, and no channel is joined.
 *
 * <p>Thread-safe. Needs the servlet API.
 */
public final class HandshakeFilter implements Filter {

    private final WebSocketHub hub;

    /** A filter for the endpoints of {@code hub}, those to come included. */
    public HandshakeFilter(WebSocketHub hub) {
        this.hub = Objects.requireNonNull(hub, "hub");
    }

    /**
     * Installs a filter for the endpoints of {@code hub} before all others of {@code application}, which is starting.
     *
     * @throws IllegalStateException if the application has started, or has such a filter already
     */
    public static void addTo(ServletContext application, WebSocketHub hub) {
        FilterRegistration.Dynamic filter =
                application.addFilter(HandshakeFilter.class.getName(), new HandshakeFilter(hub));
        if (filter == null) {
            throw new IllegalStateException("the application has a HandshakeFilter already");
        }
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http)
                || !(response instanceof HttpServletResponse answer)
                || !"websocket".equalsIgnoreCase(http.getHeader("Upgrade"))
                || !hub.admissions().has(path(http))) {
            chain.doFilter(request, response);
            return;
        }
        if (isRefused(http, answer)) {
            return;
        }
        hub.admissions().setChecked(true);
        try {
            chain.doFilter(request, response);
        } finally {
            hub.admissions().setChecked(false);
        }
    }

    private static String path(HttpServletRequest request) {
        return request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
    }

    private boolean isRefused(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            hub.admissions().origins().check(request.getHeader("Origin"), request.getHeader("Host"));
            hub.admissions()
                    .check(path(request), request.getQueryString(), request.getUserPrincipal(), headers(request));
            return false;
        } catch (RefusedHandshakeException e) {
            response.setStatus(e.status());
            response.setContentType("text/plain;charset=UTF-8");
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.getWriter().println(e.getMessage());
            return true;
        }
    }

    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        return headers;
    }
}
