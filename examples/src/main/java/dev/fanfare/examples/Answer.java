package dev.fanfare.examples;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer as it goes out, whatever the container. Immutable. */
final class Answer {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] content;

    private Answer(int status, Map<String, String> headers, byte[] content) {
        this.status = status;
        this.headers = headers;
        this.content = content;
    }

    static Answer of(int status) {
        return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer of(int status, String type, byte[] content) {
        return new Answer(status, Map.of(), content.clone())
                .with("Content-Type", type)
                .with("Content-Length", Integer.toString(content.length));
    }

    static Answer of(int status, String type, String text) {
        return of(status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, Collections.unmodifiableMap(more), content);
    }

    /** The same in answer to HEAD. */
    Answer withoutContent() {
        return new Answer(status, headers, new byte[0]);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] content() {
        return content.clone();
    }
}
