package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One way to send runs to one session: message by message as the standard has it, or as a {@link FastPath} does. */
interface RunSender {

    /** Never waits for the client; see {@link dev.fanfare.ClientSession#send}. */
    void send(Run run, Completion completion);

    /** Reads what the next send is about to read; see {@link dev.fanfare.ClientSession.Prefetch}. */
    default int touch() {
        return 0;
    }

    /** The serial executor on which {@link #send} is cheapest, if there is one. */
    default @Nullable Executor affinity() {
        return null;
    }

    /** What sends now, if this one leaves it to others. */
    default RunSender inUse() {
        return this;
    }
}
