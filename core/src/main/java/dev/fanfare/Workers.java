package dev.fanfare;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes the hub's threads: daemons with names that say whose they are. */
final class Workers {

    private static final int POOL_THREADS = 8;

    private Workers() {}

    /** Threads that may block: virtual ones where the JDK has them, else a small pool. */
    static ExecutorService blocking(String name) {
        var virtual = virtualThreads();
        if (virtual != null) {
            return virtual;
        }
        var pool = new ThreadPoolExecutor(
                POOL_THREADS, POOL_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new Daemons(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** One thread that must not block. */
    static ExecutorService single(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new Daemons(name));
    }

    static ScheduledThreadPoolExecutor timer(String name) {
        var timer = new ScheduledThreadPoolExecutor(1, new Daemons(name));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    /** Whether {@code executor}, which is from here and was told to stop, has no thread left. */
    static boolean haveEnded(ExecutorService executor) {
        return executor.isTerminated()
                && (!(executor instanceof ThreadPoolExecutor pool)
                        || !(pool.getThreadFactory() instanceof Daemons daemons)
                        || daemons.haveEnded());
    }

    /** Knows its threads, as an executor has terminated a moment before its last thread ends. Thread-safe. */
    private static final class Daemons implements ThreadFactory {
        private final String name;
        private final AtomicInteger number = new AtomicInteger();
        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

        Daemons(String name) {
            this.name = name;
        }

        @Override
        public Thread newThread(Runnable task) {
            threads.removeIf(Daemons::hasEnded);
            var thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            // Not that of whoever happens to make the hub, which in a servlet container would be kept alive by it.
            thread.setContextClassLoader(Workers.class.getClassLoader());
            threads.add(thread);
            return thread;
        }

        boolean haveEnded() {
            return threads.stream().allMatch(Daemons::hasEnded);
        }

        private static boolean hasEnded(Thread thread) {
            return thread.getState() == Thread.State.TERMINATED;
        }
    }

    private static @Nullable ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return null; // JDK 17 to 20
        }
    }
}
