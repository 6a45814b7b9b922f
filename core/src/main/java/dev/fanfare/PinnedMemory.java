package dev.fanfare;

import org.jspecify.annotations.Nullable;

/**
 * The memory of all runs that some session has not taken yet, oldest first. Thread-safe: runs come from lanes and go when
 * their last session is done, on any thread. One lock for each run, not for each session.
 */
final class PinnedMemory {

    private final long limit;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable SharedRun oldest;

    @GuardedBy("lock")
    private @Nullable SharedRun newest;

    @GuardedBy("lock")
    private long bytes;

    PinnedMemory(long limit) {
        this.limit = limit;
    }

    void add(SharedRun run) {
        synchronized (lock) {
            run.older = newest;
            if (newest == null) {
                oldest = run;
            } else {
                newest.newer = run;
            }
            newest = run;
            bytes += run.run().bytes();
        }
    }

    void remove(SharedRun run) {
        synchronized (lock) {
            var older = run.older;
            var newer = run.newer;
            if (older == null) {
                oldest = newer;
            } else {
                older.newer = newer;
            }
            if (newer == null) {
                newest = older;
            } else {
                newer.older = older;
            }
            run.older = null;
            run.newer = null;
            bytes -= run.run().bytes();
        }
    }

    /** The oldest unfinished run, if all of them together hold more than the limit. */
    @Nullable
    SharedRun oldestIfTooMuch() {
        synchronized (lock) {
            return bytes > limit ? oldest : null;
        }
    }

    long bytes() {
        synchronized (lock) {
            return bytes;
        }
    }
}
