package dev.fanfare.jakarta;

import jakarta.websocket.server.ServerEndpoint;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake must bring along so that it can become a session of an endpoint. Immutable.
 *
 * @param path the path template of the endpoint
 * @param channel what its sessions join, or null
 * @param parameters the query parameters that its methods take, and whether they are required
 */
record Admission(PathTemplate path, @Nullable ChannelTemplate channel, Map<String, Boolean> parameters) {

    /**
     * Reads {@code type}.
     *
     * @throws IllegalArgumentException if the template is wrong; it names class and rule
     */
    static Admission of(Class<?> type, ServerEndpoint annotation, Collection<Method> methods) {
        var path = new PathTemplate(annotation.value());
        Map<String, Boolean> parameters = new TreeMap<>();
        for (Method method : methods) {
            for (Parameter parameter : method.getParameters()) {
                QueryParam query = parameter.getAnnotation(QueryParam.class);
                if (query != null) {
                    parameters.merge(query.value(), parameter.getType() == String.class, Boolean::logicalOr);
                }
            }
        }
        Broadcast broadcast = type.getAnnotation(Broadcast.class);
        return new Admission(
                path, broadcast == null ? null : template(type, broadcast.value(), path, parameters), parameters);
    }

    private static ChannelTemplate template(
            Class<?> type, String text, PathTemplate path, Map<String, Boolean> parameters) {
        String where = type.getName() + ", @Broadcast(\"" + text + "\"): ";
        ChannelTemplate template;
        try {
            template = ChannelTemplate.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + e.getMessage(), e);
        }
        for (String variable : template.variables()) {
            if (!path.has(variable) && Boolean.FALSE.equals(parameters.get(variable))) {
                throw new IllegalArgumentException(where + "the channel needs the query parameter \"" + variable
                        + "\", so a @QueryParam of that name is a String, not Optional<String>");
            }
        }
        return template;
    }

    /**
     * The channel that a session with these path variables and this query joins, or null if its endpoint has none.
     *
     * @throws RefusedHandshakeException if something is missing or against the rules
     */
    @Nullable
    String admit(Map<String, String> variables, Query query) throws RefusedHandshakeException {
        for (Map.Entry<String, Boolean> parameter : parameters.entrySet()) {
            if (query.check(parameter.getKey()) == null && parameter.getValue()) {
                throw missing("query parameter", parameter.getKey());
            }
        }
        return channel == null ? null : channel.channel(name -> value(name, variables, query));
    }

    private String value(String name, Map<String, String> variables, Query query) throws RefusedHandshakeException {
        // Tyrus has the query's parameters among the path's variables.
        String value = path.has(name) ? variables.get(name) : query.check(name);
        if (value == null || value.isEmpty()) {
            throw missing(path.has(name) ? "path variable" : "query parameter", name);
        }
        return value;
    }

    private static RefusedHandshakeException missing(String kind, String name) {
        return new RefusedHandshakeException(kind + " \"" + name + "\" is missing");
    }
}
