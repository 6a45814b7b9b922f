package dev.fanfare.examples;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The site, where there are servlets. Thread-safe. */
final class SiteServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Site site;

    SiteServlet(Site site) {
        this.site = site;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answer answer = site.answer(new Question(
                request.getMethod(),
                request.getRequestURI(),
                request.getHeader("If-None-Match"),
                request.getServerName(),
                request.getLocalPort()));
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.content());
    }
}
