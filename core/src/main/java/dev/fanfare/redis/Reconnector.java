package dev.fanfare.redis;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * One connection after the other, each until its first failure, with a wait between that grows. The thread that calls {@link
 * #run} opens them; the methods marked so are for it alone, the others for any thread.
 */
final class Reconnector {

    /** What connections are for. */
    interface Use {
        /** Opens {@code link}, uses it until it ends, and says why it did. */
        Diagnosis use(RedisLink link) throws InterruptedException;
    }

    private final Settings settings;
    private final Pause pause = new Pause();
    private volatile boolean stopped;
    private volatile @Nullable RedisLink link;

    // Of the thread that runs:
    private boolean usable;
    private long usableNanos;

    Reconnector(Settings settings) {
        this.settings = settings;
    }

    /** Blocks until it is stopped. */
    void run(Use use) throws InterruptedException {
        var backoff = new Backoff(settings);
        while (!stopped) {
            var current = new RedisLink(settings);
            link = current;
            usable = false;
            var diagnosis = use.use(current);
            var lived = usable ? Duration.ofNanos(System.nanoTime() - usableNanos) : Duration.ZERO;
            pause.take(backoff.next(lived, diagnosis));
        }
    }

    /** Opens {@code current}, which leads to a master then and waits for an answer as long as is set for one. On the running thread. */
    void open(RedisLink current) throws IOException {
        if (stopped) {
            throw new IOException("closed");
        }
        current.open();
        current.readTimeout(Math.toIntExact(settings.replyTimeout().toMillis()));
        current.requireMaster();
    }

    /** From now on the connection is of use; one that was for long begins with short waits again. On the running thread. */
    void usable() {
        usable = true;
        usableNanos = System.nanoTime();
    }

    /** The newest connection, which may have ended; null before the first. */
    @Nullable
    RedisLink current() {
        return link;
    }

    /** Ends the connection, unless it leads to {@code except}. */
    void giveUp(GivenUp why, @Nullable HostAndPort except) {
        var current = link;
        if (current != null && (except == null || !except.equals(current.address()))) {
            current.giveUp(why);
        }
    }

    /** Tries to connect at once, if it is waiting to. */
    void hurry() {
        pause.end();
    }

    /** Opens no more connections; the present one goes on until {@link #abort}. */
    void stop() {
        stopped = true;
        pause.close();
    }

    boolean isStopped() {
        return stopped;
    }

    void abort() {
        var current = link;
        if (current != null) {
            current.abort();
        }
    }
}
