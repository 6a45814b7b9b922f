package dev.fanfare.jakarta;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides which handshakes may become sessions of a hub's endpoints: see {@link WebSocketHub.Builder#authorize}.
 *
 * <p>Called once for each handshake, on a thread of the container, and may block it. Of those that are refused anyway, for
 * their origin or for what they lack, it is not asked. A refusal is answered with 403 and its reason by the {@link
 * HandshakeFilter}, or closes the session with 1008 and the same reason where there is none; {@code @OnOpen} is not called,
 * and no channel is joined. Implementations are thread-safe.
 */
@FunctionalInterface
public interface Authorizer {

    /**
     * Decides about {@code handshake}.
     *
     * @throws Exception if there is no telling: the handshake is refused with 500, or its session closed with 1011, and the
     *     exception is logged
     */
    Decision authorize(Handshake handshake) throws Exception;

    /**
     * What was decided.
     *
     * @param refusal why the handshake is refused, which the client is told; null if it may become a session
     */
    record Decision(@Nullable String refusal) {

        private static final Decision JOIN = new Decision(null);

        /** The handshake may become a session. */
        public static Decision join() {
            return JOIN;
        }

        /** The handshake is refused; the client is told the {@code reason}. */
        public static Decision refuse(String reason) {
            return new Decision(Objects.requireNonNull(reason, "reason"));
        }
    }
}
