package dev.fanfare.jakarta;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a parameter of an {@code @OnOpen}, {@code @OnMessage}, {@code @OnClose} or {@code @OnError} method the value of a
 * query parameter of the handshake, URL-decoded: {@code @QueryParam("username") String username} for {@code
 * /chat?username=Ada%20L}. Of several with the same name it is the first.
 *
 * <p>A {@code String} is required: a handshake without it is refused, see {@link HandshakeFilter}. An {@code
 * Optional<String>} is not. A value that is not UTF-8 in percent-encoding is refused for either. Only the {@code @OnClose}
 * and {@code @OnError} of a session that was refused see null for what is required and not there.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface QueryParam {

    /** The name of the query parameter. */
    String value();
}
