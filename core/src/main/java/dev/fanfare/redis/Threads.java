package dev.fanfare.redis;

import java.util.concurrent.TimeUnit;

/** The broadcaster's own threads, which end with it. */
final class Threads {

    private Threads() {}

    static Thread of(String role, Runnable work) {
        var thread = new Thread(work, "fanfare-redis-" + role);
        thread.setDaemon(true);
        // Not that of whoever happens to start it, which in a servlet container would be kept alive by it.
        thread.setContextClassLoader(RedisBroadcaster.class.getClassLoader());
        return thread;
    }

    /** Waits for the end of {@code thread}, which is near, unless a socket is just being connected. */
    static void join(Thread thread) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
