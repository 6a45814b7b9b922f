package dev.fanfare;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection as the hub sees it; implemented by adapters, thread-safe. What comes in (pongs, the end of the
 * session) the adapter tells through {@link Hub#pong} and {@link Hub#ended}.
 */
public interface ClientSession {

    /** Unique among the sessions of all nodes. */
    String id();

    /** The serial executor on which this session is sent to, or null for one of the hub's own lanes. */
    default @Nullable Executor affinity() {
        return null;
    }

    /**
     * Begins to send {@code run}, and returns without waiting for the client. Called by one thread at a time, and only
     * when the previous run is complete.
     *
     * @param completion must be told the outcome exactly once, on any thread, also from within this call; a call that
     *     throws is a failed send
     */
    void send(Run run, Completion completion);

    /** Sends a ping. Called on a thread that may block, when no run is in flight; a call that throws ends the session. */
    void ping();

    /**
     * Closes the connection, on a thread that may block. Called at most once with {@code hard} false, and at most once
     * later with {@code hard} true, which means: give the connection up without a word, if the container can. The latter
     * also if the session ended meanwhile, because some containers end a session and keep its connection.
     */
    void close(int code, String reason, boolean hard);

    /**
     * For sessions that consist of many objects, as those of most containers do: what the hub asks of some of them in a row before
     * it sends to the first. Hardly anything of a session is in the processor's cache by then, and memory that is asked for
     * together comes sooner.
     */
    interface Prefetch {

        /**
         * Reads what {@link ClientSession#send} is about to read, and changes nothing. On the thread that sends; must not block or
         * throw.
         *
         * @return a number that means nothing; it keeps compilers from leaving the reads out
         */
        int touch();
    }

    /** What becomes of a run. The adapter may call it on any thread; none of its methods blocks. */
    interface Completion {
        /** A part of the run left: the send deadline begins anew. May be told any number of times. */
        void progress();

        /** The whole run left. */
        void done();

        /**
         * Somebody else, probably the application itself, is writing to the session. The first {@code sent} messages
         * left; the rest is sent again soon.
         */
        void busy(int sent);

        /** The send failed: the session is given up. */
        void failed(Throwable cause);
    }

    /**
     * How an adapter with a protocol of its own presents the messages of channels. Called on lanes, for each message once
     * for all sessions of a lane that joined with the same object, in order; must not block or throw.
     */
    interface Framing {

        /** What the sessions get for {@code message}, which has a position if the channel has history. */
        Message message(String channel, Message message, @Nullable Position position);

        /**
         * What the sessions get where messages may be missing before those that follow, or null for nothing. Messages that
         * one session alone is missing, because of where its {@link Replay} began, are reported for that session alone.
         */
        @Nullable
        Message gap(Gap gap);
    }
}
