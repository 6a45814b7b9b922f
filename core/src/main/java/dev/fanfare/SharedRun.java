package dev.fanfare;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A run and how many sessions of its lane have yet to take it; its memory counts as pinned until the last one has. */
final class SharedRun {

    private final Run run;
    private final Lane lane;
    private final PinnedMemory pinned;
    private final AtomicInteger holders;

    /** Links of {@link PinnedMemory}, which guards them. */
    @Nullable
    SharedRun older;

    @Nullable
    SharedRun newer;

    SharedRun(Run run, Lane lane, PinnedMemory pinned) {
        this.run = run;
        this.lane = lane;
        this.pinned = pinned;
        this.holders = new AtomicInteger(1); // the lane itself, while it hands the run out
        pinned.add(this);
    }

    Run run() {
        return run;
    }

    Lane lane() {
        return lane;
    }

    void retain() {
        holders.incrementAndGet();
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            pinned.remove(this);
        }
    }
}
