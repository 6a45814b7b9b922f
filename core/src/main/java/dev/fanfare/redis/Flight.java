package dev.fanfare.redis;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The messages that are written to the current connection and not yet answered, in their order. Thread-safe. */
final class Flight {

    /** How long an answer may take from the writing on; 0 if its time began when the message was accepted. */
    private final long answerNanos;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Publication> written = new ArrayDeque<>();

    @GuardedBy("lock")
    private long answeredNanos = System.nanoTime();

    Flight(long answerNanos) {
        this.answerNanos = answerNanos;
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return written.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void depart(List<Publication> batch) {
        long now = System.nanoTime();
        lock.lock();
        try {
            for (var publication : batch) {
                publication.writtenNanos = now;
                if (answerNanos > 0) {
                    publication.deadlineNanos = now + answerNanos;
                }
                written.add(publication);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the publication that the next reply answers, or null if that answers nothing. */
    @Nullable
    Publication answered() {
        lock.lock();
        try {
            answeredNanos = System.nanoTime();
            return written.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns what will never be answered. */
    List<Publication> clear() {
        lock.lock();
        try {
            var lost = List.copyOf(written);
            written.clear();
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is past its deadline; its reply may still come. */
    List<Publication> overdue(long now) {
        lock.lock();
        try {
            return written.stream()
                    .takeWhile(p -> p.deadlineNanos - now <= 0)
                    .filter(p -> !p.outcome.isDone())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** How long nothing was answered although something should be. */
    long silentNanos(long now) {
        lock.lock();
        try {
            var oldest = written.peek();
            return oldest == null ? 0 : Math.min(now - oldest.writtenNanos, now - answeredNanos);
        } finally {
            lock.unlock();
        }
    }
}
