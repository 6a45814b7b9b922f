package dev.fanfare.examples;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;

/** A file of the page, held in memory, with an entity tag: browsers ask each time and mostly hear that theirs is good. */
record PageFile(Body body, String tag) {

    static PageFile read(String name, String type) {
        try (InputStream in = PageFile.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("page/" + name + " is missing from the class path");
            }
            byte[] content = in.readAllBytes();
            CRC32 checksum = new CRC32();
            checksum.update(content);
            String tag = "\"%08x-%x\"".formatted(checksum.getValue(), content.length);
            return new PageFile(new Body(HttpServletResponse.SC_OK, type, content), tag);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", tag);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        } else {
            body.send(request, response);
        }
    }
}
