package dev.fanfare.jakarta;

import jakarta.websocket.Session;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The query of a handshake. It is decoded here, because containers differ: some put the path's variables among the
 * parameters, and some drop what they cannot decode. Immutable.
 */
final class Query {

    private static final Query NONE = new Query("");

    /** By name, decoded; empty if the value cannot be decoded. */
    private final Map<String, Optional<String>> values;

    /** What is wrong with the first part that cannot be decoded, whoever reads it. */
    private @Nullable String flaw;

    private Query(String raw) {
        values = raw.isEmpty() ? Map.of() : new HashMap<>();
        if (raw.isEmpty()) {
            return;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            Optional<String> name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            Optional<String> value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
            if (flaw == null && name.isEmpty()) {
                flaw = "the name of a query parameter is not UTF-8 in percent-encoding";
            } else if (flaw == null && value.isEmpty()) {
                flaw = undecodable(name.get());
            }
            name.ifPresent(known -> values.putIfAbsent(known, value));
        }
    }

    /** The query {@code raw}, as it was sent; null if there was none. */
    static Query of(@Nullable String raw) {
        return raw == null || raw.isEmpty() ? NONE : new Query(raw);
    }

    /**
     * The query of the handshake of {@code session}. Of the two answers of Jetty only the URI is still encoded, of Tyrus' only
     * the other: it is the longer one.
     */
    static Query of(Session session) {
        URI uri = session.getRequestURI();
        String ofUri = uri == null ? null : uri.getRawQuery();
        String other = session.getQueryString();
        boolean uriIsEncoded = ofUri != null && (other == null || ofUri.length() >= other.length());
        return of(uriIsEncoded ? ofUri : other);
    }

    /** The value of the parameter {@code name}, or null if it is missing or cannot be decoded. */
    @Nullable
    String find(String name) {
        Optional<String> value = values.get(name);
        return value == null ? null : value.orElse(null);
    }

    /** The same, which is refused if it cannot be decoded. */
    @Nullable
    String check(String name) throws RefusedHandshakeException {
        Optional<String> value = values.get(name);
        if (value != null && value.isEmpty()) {
            throw new RefusedHandshakeException(undecodable(name));
        }
        return find(name);
    }

    /** Refuses what cannot be decoded also where nobody reads it: containers fail on it with 500, or drop it. */
    void check() throws RefusedHandshakeException {
        if (flaw != null) {
            throw new RefusedHandshakeException(flaw);
        }
    }

    private static String undecodable(String name) {
        return "query parameter \"" + name + "\" is not UTF-8 in percent-encoding";
    }

    /** What can be decoded of it, by name. */
    Map<String, String> all() {
        Map<String, String> all = new HashMap<>();
        values.forEach((name, value) -> value.ifPresent(decoded -> all.put(name, decoded)));
        all.remove(""); // of a query that is empty
        return all;
    }

    private static Optional<String> decoded(String encoded) {
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                int code = i + 2 < encoded.length() ? code(encoded.charAt(i + 1), encoded.charAt(i + 2)) : -1;
                if (code < 0) {
                    return Optional.empty();
                }
                bytes.put((byte) code);
                i += 2;
            } else if (c < 0x80) {
                bytes.put((byte) (c == '+' ? ' ' : c));
            } else {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The byte of two hexadecimal digits, or a negative number. */
    private static int code(char high, char low) {
        int left = high < 0x80 ? Character.digit(high, 16) : -1;
        int right = low < 0x80 ? Character.digit(low, 16) : -1;
        return left < 0 || right < 0 ? -1 : left << 4 | right;
    }
}
