package dev.fanfare.jakarta;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A lane's thread that whoever tells it many outcomes wakes once for all of them. It ends when there was nothing to do for
 * some seconds, and begins again. Thread-safe.
 */
final class CorkedLane implements Executor, AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private final ThreadPoolExecutor thread;
    private final Runnable afterwards;
    private volatile boolean corked;
    private volatile boolean inTurn;

    /** A lane that is named so. */
    CorkedLane(String name, Runnable afterwards) {
        this.afterwards = afterwards;
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var made = new Thread(task, "fanfare-lane-" + name);
            made.setDaemon(true);
            made.setContextClassLoader(CorkedLane.class.getClassLoader());
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        held.add(task);
        if (!corked) {
            release();
        }
    }

    /** Holds back what comes. */
    void hold() {
        corked = true;
    }

    /** Runs what was held back; what comes from now on runs at once. */
    void go() {
        corked = false;
        release();
    }

    /** Runs what was held back, and goes on to hold. */
    void goOnce() {
        release();
    }

    private void release() {
        for (Runnable task = held.poll(); task != null; task = held.poll()) {
            Runnable next = task;
            thread.execute(() -> turn(next));
        }
    }

    private void turn(Runnable task) {
        inTurn = true;
        try {
            task.run();
        } finally {
            inTurn = false;
            afterwards.run();
        }
    }

    /** Whether {@code afterwards} will run. */
    boolean isInTurn() {
        return inTurn;
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
