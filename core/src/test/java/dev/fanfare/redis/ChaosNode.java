package dev.fanfare.redis;

import dev.fanfare.Position;
import org.jspecify.annotations.Nullable;

/** A node of {@link HistoryChaosTest}, in this JVM or in one of its own. What happens on it, its {@link ChaosAccount} hears. */
interface ChaosNode extends AutoCloseable {

    /** Gives {@code client} a session here, behind {@code since}; the account hears when it has joined. */
    void join(String client, @Nullable Position since);

    /** Sends a message every few milliseconds from now on. */
    void send();

    /** Sends no more, and tells the account when every outcome is known. */
    void stop();

    @Override
    void close();
}
