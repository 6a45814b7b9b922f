package dev.fanfare;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The parts of one hub that its lanes, members and outboxes share. */
record Internals(
        Settings settings,
        Counters counters,
        Callbacks callbacks,
        ScheduledExecutorService timer,
        Reaper reaper,
        SessionRegistry registry,
        NodeChannels channels,
        PinnedMemory pinned,
        Members members) {

    /** Runs {@code task}, which must not block, on the timer's thread. */
    void later(long millis, Runnable task) {
        later(millis, TimeUnit.MILLISECONDS, task);
    }

    /** The same in another unit. */
    void later(long delay, TimeUnit unit, Runnable task) {
        try {
            timer.schedule(task, delay, unit);
        } catch (RejectedExecutionException e) {
            // The hub is closed: nobody waits for the task any more.
        }
    }

    void dropped(String sessionId, String channel, long messages) {
        counters.dropped.add(messages);
        callbacks.tell(listener -> listener.dropped(sessionId, channel, messages));
    }
}
