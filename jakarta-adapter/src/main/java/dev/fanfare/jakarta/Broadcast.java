package dev.fanfare.jakarta;

import jakarta.websocket.server.ServerEndpointConfig;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The channel of a {@code @ServerEndpoint} class that is deployed by {@link WebSocketHub#endpoint}: each session joins it
 * when it opens, and what an {@code @OnMessage} method returns is broadcast to it, instead of being sent to the sender.
 *
 * <pre>{@code
 * @ServerEndpoint("/rooms/{room}")
 * @Broadcast("room.{room}")
 * public class Room {
 *     @OnMessage
 *     public String message(String text) {
 *         return text; // null: nothing is broadcast
 *     }
 * }
 * }</pre>
 *
 * <p>The sender is a session like the others, and sees its own message with them, in the one order. To answer the sender
 * alone, use {@link WebSocketHub#send}; for further channels, {@link WebSocketHub#join}. What an {@code @OnMessage} may
 * return, and how it becomes a message, is what the specification says of answers.
 *
 * <p>When the value could not be broadcast, {@code @OnError} is called with a {@link dev.fanfare.BroadcastException}, on
 * the {@linkplain WebSocketHub.Builder#executor executor}, perhaps while another method of the endpoint runs; the session
 * stays open. The same holds for a channel that the session could not join.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Broadcast {

    /**
     * The channel's name, in which {@code {name}} stands for the path variable of that name, else for the query parameter.
     * A handshake without it, with an empty one, or with one that makes no channel's name, is refused: see {@link
     * HandshakeFilter}. A template without variables is {@linkplain WebSocketHub#keep kept} from registration on.
     */
    String value();

    /**
     * Fails the deployment of an endpoint that the container deploys by itself, where {@link Broadcast} would have no
     * effect: {@code @ServerEndpoint(value = "/rooms/{room}", configurator = Broadcast.Guard.class)}. In a WAR that is
     * scanned the library refuses such an endpoint anyway, unless a {@code ServerApplicationConfig} of the application
     * deploys it. {@link WebSocketHub#endpoint} takes the class as one that names no configurator.
     */
    final class Guard extends ServerEndpointConfig.Configurator {

        /**
         * For containers, which make one when they deploy the endpoint.
         *
         * @throws IllegalStateException always
         */
        public Guard() {
            throw new IllegalStateException(
                    "@Broadcast has no effect on an endpoint that the container deploys by itself:"
                            + " deploy its class by WebSocketHub.endpoint or, in a WAR that is scanned, with a "
                            + "BroadcastApplication");
        }
    }
}
