package dev.fanfare.redis;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The wait of one thread between two attempts, which others may cut short. */
final class Pause {

    private final Semaphore over = new Semaphore(0);
    private volatile boolean closed;

    void take(Duration time) throws InterruptedException {
        over.drainPermits();
        if (!closed) {
            // Whether it was cut short makes no difference.
            boolean unused = over.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Ends the one that is being taken, if there is one. */
    void end() {
        over.release();
    }

    /** There are none any more. */
    void close() {
        closed = true;
        end();
    }
}
