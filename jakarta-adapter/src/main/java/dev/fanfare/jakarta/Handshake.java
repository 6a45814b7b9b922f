package dev.fanfare.jakarta;

import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client that wants to open a session says of itself. Immutable.
 *
 * @param principal who it is, if the container authenticated it, else null
 * @param headers of the HTTP request, by name, whatever its case
 * @param pathVariables of the endpoint's path, decoded
 * @param queryParameters decoded; of several with one name the first
 * @param channel what the session would join by {@link Broadcast}, or null
 */
public record Handshake(
        @Nullable Principal principal,
        Map<String, List<String>> headers,
        Map<String, String> pathVariables,
        Map<String, String> queryParameters,
        @Nullable String channel) {

    /** With copies of the maps. */
    public Handshake {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) ->
                copy.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values));
        copy.replaceAll((name, values) -> List.copyOf(values));
        headers = Collections.unmodifiableMap(copy);
        pathVariables = Collections.unmodifiableMap(new LinkedHashMap<>(pathVariables));
        queryParameters = Collections.unmodifiableMap(new LinkedHashMap<>(queryParameters));
    }

    /** The first header of that name, or null. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }
}
