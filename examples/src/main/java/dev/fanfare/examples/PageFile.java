package dev.fanfare.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/** A file of the page, held in memory, with an entity tag: browsers ask each time and mostly hear that theirs is good. */
record PageFile(Answer whole, Answer notModified, String tag) {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    static PageFile read(String name, String type) {
        return tagged(type, content(name));
    }

    /** With texts in the place of names; they show as they are, in HTML. */
    static PageFile read(String name, String type, Map<String, String> texts) {
        String page = new String(content(name), StandardCharsets.UTF_8);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            page = page.replace(text.getKey(), asHtml(text.getValue()));
        }
        return tagged(type, page.getBytes(StandardCharsets.UTF_8));
    }

    private static String asHtml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static byte[] content(String name) {
        try (InputStream in = PageFile.class.getResourceAsStream(name.startsWith("/") ? name : "page/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PageFile tagged(String type, byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        String tag = "\"%08x-%x\"".formatted(checksum.getValue(), content.length);
        return new PageFile(tagged(Answer.of(OK, type, content), tag), tagged(Answer.of(NOT_MODIFIED), tag), tag);
    }

    private static Answer tagged(Answer answer, String tag) {
        return answer.with("Cache-Control", "no-cache").with("ETag", tag);
    }

    Answer answer(Question question) {
        return tag.equals(question.tag()) ? notModified : whole;
    }
}
