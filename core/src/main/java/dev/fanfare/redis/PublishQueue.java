package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages whose outcome is open: those that wait, and those that are written to the current connection and not yet
 * answered. Each is in exactly one of the two, and what leaves returns to the caller to be completed without a lock.
 *
 * <p>Two locks, so that replies do not contend with publishers: {@link #intake} guards what waits and which connection is
 * current, that of {@link Flight} what is written. Who needs both takes {@code intake} first. A message moves from one to the
 * other under both, so that a connection that ends meanwhile either gets it never or accounts for it.
 */
final class PublishQueue {

    /** A batch larger than this gains nothing (measured on loopback). */
    private static final int BATCH_COMMANDS = 512;

    private static final long BATCH_BYTES = 256 * 1024;

    /** Far beyond every deadline, and far from overflow. */
    private static final long NEVER = TimeUnit.DAYS.toNanos(365);

    private final int maxMessages;
    private final long maxBytes;

    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    private final ReentrantLock intake = new ReentrantLock();
    private final Condition changed = intake.newCondition();
    private final Condition drained = intake.newCondition();

    @GuardedBy("intake")
    private final ArrayDeque<Publication> waiting = new ArrayDeque<>();

    /** Those that Redis did not execute, to be written before all others once nothing is in flight. */
    @GuardedBy("intake")
    private final ArrayDeque<Publication> repeated = new ArrayDeque<>(0);

    private volatile boolean repeating;

    @GuardedBy("intake")
    private @Nullable RedisLink current;

    /** Takes no more messages. */
    @GuardedBy("intake")
    private boolean closed;

    /** Gives its threads up. */
    @GuardedBy("intake")
    private boolean stopped;

    private final Flight flight;

    PublishQueue(Settings settings) {
        maxMessages = settings.queueMessages();
        maxBytes = settings.queueBytes();
        flight = new Flight(settings.buffers() ? settings.publishTimeout().toNanos() : 0);
    }

    /**
     * Takes a message; an empty queue takes one of any size.
     *
     * @throws BroadcastException if it is full or closed
     */
    void add(Publication publication) {
        intake.lock();
        try {
            if (closed) {
                throw new BroadcastException("not published: the broadcaster is closed");
            }
            int count = messages.get();
            if (count > 0 && (count >= maxMessages || bytes.get() + publication.bytes() > maxBytes)) {
                throw new BroadcastException.QueueFull("not published: " + count + " messages with " + bytes.get()
                        + " bytes wait for Redis, the limits are " + maxMessages + " messages and " + maxBytes
                        + " bytes");
            }
            messages.incrementAndGet();
            bytes.addAndGet(publication.bytes());
            waiting.add(publication);
            if (waiting.size() == 1) {
                changed.signalAll();
            }
        } finally {
            intake.unlock();
        }
    }

    /** Takes a question of our own, whatever the limits; false if there is nobody to ask. */
    boolean ask(Publication question) {
        intake.lock();
        try {
            if (closed || current == null) {
                return false;
            }
            messages.incrementAndGet();
            bytes.addAndGet(question.bytes());
            waiting.add(question);
            changed.signalAll();
            return true;
        } finally {
            intake.unlock();
        }
    }

    /**
     * Takes one back that Redis did not execute, for want of the script. Nor does it execute those behind it: all of them are
     * written again in their order, and nothing else before.
     */
    void again(Publication publication) {
        intake.lock();
        try {
            messages.incrementAndGet();
            bytes.addAndGet(publication.bytes());
            repeated.add(publication);
            repeating = true;
            changed.signalAll();
        } finally {
            intake.unlock();
        }
    }

    /** Whether what was taken back has to wait for what is in flight; else it is put in front of what waits. */
    @GuardedBy("intake")
    private boolean halted() {
        if (repeated.isEmpty()) {
            return false;
        }
        if (!flight.isEmpty()) {
            return true;
        }
        for (var last = repeated.pollLast(); last != null; last = repeated.pollLast()) {
            waiting.addFirst(last);
        }
        repeating = false;
        return false;
    }

    boolean connected() {
        intake.lock();
        try {
            return current != null;
        } finally {
            intake.unlock();
        }
    }

    private void left(Publication publication) {
        bytes.addAndGet(-publication.bytes());
        if (messages.decrementAndGet() == 0) {
            intake.lock();
            try {
                if (closed) {
                    drained.signalAll();
                }
            } finally {
                intake.unlock();
            }
        }
    }

    void begin(RedisLink link) {
        intake.lock();
        try {
            current = link;
            changed.signalAll();
        } finally {
            intake.unlock();
        }
    }

    /** Returns the connection that follows {@code previous}, or null when stopped. */
    @Nullable
    RedisLink next(@Nullable RedisLink previous) throws InterruptedException {
        intake.lock();
        try {
            while (!stopped && (current == null || current == previous)) {
                changed.await();
            }
            return stopped ? null : current;
        } finally {
            intake.unlock();
        }
    }

    /**
     * Waits for messages, and counts them as written.
     *
     * @param idleNanos how long to wait before a PING is due
     * @return what to write to {@code link}, or nothing if that connection has ended
     */
    List<Publication> take(RedisLink link, long idleNanos) throws InterruptedException {
        intake.lock();
        try {
            long left = idleNanos;
            boolean halted = halted();
            while ((halted || waiting.isEmpty()) && current == link && left > 0) {
                left = changed.awaitNanos(left);
                halted = halted();
            }
            List<Publication> batch = new ArrayList<>();
            if (current == link) {
                long size = 0;
                while (!halted && !waiting.isEmpty() && batch.size() < BATCH_COMMANDS && size < BATCH_BYTES) {
                    size += waiting.peek().bytes();
                    batch.add(waiting.remove());
                }
                if (batch.isEmpty()) {
                    batch.add(ping());
                }
                flight.depart(batch);
            }
            return batch;
        } finally {
            intake.unlock();
        }
    }

    private Publication ping() {
        // Overdue from the start, so that it hides nothing behind it from overdue(); nobody looks at its outcome.
        var ping = Publication.ping(System.nanoTime());
        messages.incrementAndGet();
        bytes.addAndGet(ping.bytes());
        return ping;
    }

    /** Returns the publication that the next reply answers. */
    Publication answered() {
        var answered = flight.answered();
        if (answered == null) {
            throw new BroadcastException("Redis sent a reply that answers nothing");
        }
        left(answered);
        if (repeating) {
            intake.lock();
            try {
                changed.signalAll();
            } finally {
                intake.unlock();
            }
        }
        return answered;
    }

    /** Returns what was written to {@code link} and will never be answered; nothing if that is known already. */
    List<Publication> ended(RedisLink link) {
        List<Publication> lost;
        intake.lock();
        try {
            if (current != link) {
                return List.of();
            }
            current = null;
            changed.signalAll();
            lost = flight.clear();
            halted(); // nothing is in flight any more
        } finally {
            intake.unlock();
        }
        lost.forEach(this::left);
        return lost;
    }

    /** Returns what waited until its deadline and was never written. */
    List<Publication> expired(long now) {
        List<Publication> expired = new ArrayList<>();
        intake.lock();
        try {
            while (!waiting.isEmpty() && waiting.peek().deadlineNanos - now <= 0) {
                expired.add(waiting.remove());
            }
        } finally {
            intake.unlock();
        }
        expired.forEach(this::left);
        return expired;
    }

    /** Takes what waits and {@code moved} accepts out again, in its order. */
    List<Publication> withdraw(Predicate<Publication> moved) {
        List<Publication> withdrawn = new ArrayList<>();
        intake.lock();
        try {
            waiting.removeIf(publication -> moved.test(publication) && withdrawn.add(publication));
        } finally {
            intake.unlock();
        }
        withdrawn.forEach(this::left);
        return withdrawn;
    }

    /** Returns what is written, past its deadline, and not answered; its reply may still come. */
    List<Publication> overdue(long now) {
        return flight.overdue(now);
    }

    /** How long nothing was answered although something should be. */
    long silentNanos(long now) {
        return flight.silentNanos(now);
    }

    /** Takes no more, and waits until everything has its outcome, or for {@code nanos}. */
    void drain(long nanos) {
        intake.lock();
        try {
            closed = true;
            long left = nanos;
            while (messages.get() > 0 && left > 0) {
                left = drained.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Whoever closes is in a hurry.
            Thread.currentThread().interrupt();
        } finally {
            intake.unlock();
        }
    }

    /** Returns what waits and will never be written. */
    List<Publication> stop() {
        intake.lock();
        try {
            closed = true;
            stopped = true;
            waiting.addAll(repeated);
            repeated.clear();
            changed.signalAll();
        } finally {
            intake.unlock();
        }
        return expired(System.nanoTime() + NEVER);
    }
}
