package dev.fanfare;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits for application code of one channel: handled in order, one at a time, on the executor. Bounded: what does not
 * fit is dropped and told as a gap, before what comes next. Thread-safe; putting in never blocks.
 */
final class Inbox {

    /** So many in one go, then others that want the same thread get their turn. */
    private static final int MAX_IN_A_ROW = 256;

    private final String channel;
    private final Settings settings;
    private final Callbacks callbacks;
    private final Overflow overflow;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Inbox(String channel, Settings settings, Callbacks callbacks, Overflow overflow) {
        this.channel = channel;
        this.settings = settings;
        this.callbacks = callbacks;
        this.overflow = overflow;
    }

    /** Has {@code handling} done with a message of that many bytes, or drops it. */
    void offer(long bytes, Runnable handling) {
        int waiting = messages.get();
        if (waiting > 0 && (waiting >= settings.laneMessages() || queuedBytes.get() + bytes > settings.laneBytes())) {
            overflow.lost(channel);
            schedule(); // the executor may have refused before
            return;
        }
        overflow.over(channel);
        messages.incrementAndGet();
        queuedBytes.addAndGet(bytes);
        execute(() -> {
            messages.decrementAndGet();
            queuedBytes.addAndGet(-bytes);
            handling.run();
        });
    }

    /** Runs {@code task}, which does not throw, after everything put in before; never dropped. */
    void execute(Runnable task) {
        queue.add(task);
        schedule();
    }

    /** Reports a loss that no further message has reported; asks an executor again that had no room. */
    void check() {
        overflow.reportQuiet();
        if (!queue.isEmpty()) {
            schedule();
        }
    }

    /** How many messages wait. */
    int messages() {
        return messages.get();
    }

    /** Whether nothing waits and nothing is being handled. */
    boolean isIdle() {
        return queue.isEmpty() && !scheduled.get();
    }

    private void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true) && !callbacks.run(this::turn)) {
            scheduled.set(false);
        }
    }

    private void turn() {
        try {
            for (int i = 0; i < MAX_IN_A_ROW; i++) {
                var task = queue.poll();
                if (task == null) {
                    return;
                }
                task.run();
            }
        } finally {
            scheduled.set(false);
            if (!queue.isEmpty()) {
                schedule();
            }
        }
    }
}
