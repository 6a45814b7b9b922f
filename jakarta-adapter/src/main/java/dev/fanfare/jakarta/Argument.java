package dev.fanfare.jakarta;

import jakarta.websocket.DecodeException;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where one argument of an endpoint's method comes from. */
@FunctionalInterface
interface Argument {

    /** What opening a session offers. */
    Map<Class<?>, Argument> OPEN = Map.of(Session.class, Call::session, EndpointConfig.class, Call::config);

    /**
     * The argument for {@code call}.
     *
     * @throws DecodeException if a path parameter does not fit its type
     */
    @Nullable
    Object of(Call call) throws DecodeException;

    /** The path variable {@code name} as {@code type}; null if the path has no such variable, as the specification says. */
    static Argument pathParam(String name, Class<?> type) {
        if (type == String.class) {
            return call -> call.session().getPathParameters().get(name);
        }
        Primitive primitive = Primitive.of(type);
        return call -> {
            String value = call.session().getPathParameters().get(name);
            return value == null ? null : primitive.parse(value);
        };
    }

    /** The query parameter {@code name}; without it null, or an empty {@code Optional}. */
    static Argument queryParam(String name, boolean optional) {
        return optional
                ? call -> Optional.ofNullable(call.query().find(name))
                : call -> call.query().find(name);
    }
}
