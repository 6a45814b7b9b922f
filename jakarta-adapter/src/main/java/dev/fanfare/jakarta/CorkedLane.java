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
    private volatile boolean corked;

    /** A lane that is named so. */
    CorkedLane(String name) {
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

    /** Runs {@code telling}, and then what it has the lane do. By one thread at a time. */
    void cork(Runnable telling) {
        corked = true;
        try {
            telling.run();
        } finally {
            corked = false;
            release();
        }
    }

    private void release() {
        for (Runnable task = held.poll(); task != null; task = held.poll()) {
            thread.execute(task);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
