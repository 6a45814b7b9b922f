package dev.fanfare.examples;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An HTTP answer as it goes out. Immutable. */
final class Body {
    private final int status;
    private final String type;
    private final byte[] content;

    Body(int status, String type, byte[] content) {
        this.status = status;
        this.type = type;
        this.content = content.clone();
    }

    static Body of(int status, String type, String text) {
        return new Body(status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends it; in answer to HEAD, everything but the content. */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(content.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(content);
        }
    }
}
