package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One way to send runs to one session: message by message as the standard has it, or as a {@link FastPath} does. */
interface RunSender {

    /** Never waits for the client; see {@link dev.fanfare.ClientSession#send}. */
    void send(Run run, Completion completion);

    /** The serial executor on which {@link #send} is cheapest, if there is one. */
    default @Nullable Executor affinity() {
        return null;
    }

    /**
     * The session is about to be closed: from now on nothing is on its way that closing could tear. May wait for that for a
     * moment.
     *
     * @param hard it has ended, or its connection is dropped: whoever waits for the client need not any longer
     */
    default void closing(boolean hard) {}

    /** What sends now, if this one leaves it to others. */
    default RunSender inUse() {
        return this;
    }
}
