package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.History.Page;
import dev.fanfare.Position;
import dev.fanfare.Receiver;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Reads histories: one connection and one thread, which writes what was asked in batches and reads the answers. Reading changes
 * nothing, so what was not answered is asked again on the next connection. Each answer is one snapshot of a channel's epochs and
 * messages. Asking about a channel also keeps its epochs from being forgotten.
 */
final class RedisHistory {

    private static final Logger LOG = System.getLogger(RedisHistory.class.getName());
    private static final int BATCH = 64;

    /** An answer shall not grow far beyond that: then the next ones are asked to be shorter. */
    private static final long ANSWER_BYTES = 1 << 20;

    private final Settings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<HistoryQuestion> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean closed;

    private final Reconnector links;
    private final Outage outage;
    private final Thread thread;
    private volatile @Nullable Receiver receiver;

    // Of the thread alone:
    private int limit = 1 << 20;

    RedisHistory(Settings settings) {
        this.settings = settings;
        this.links = new Reconnector(settings);
        this.outage = new Outage(settings, LOG);
        this.thread = Threads.of("history", this::run);
    }

    void start(Receiver told) {
        receiver = told;
        thread.start();
    }

    /** What stands behind {@code position}, or the newest messages if that is null. */
    CompletableFuture<Page> ask(String channel, HistoryKeys keys, @Nullable Position position, int limit) {
        var question = new HistoryQuestion(channel, keys, position, limit);
        boolean taken;
        lock.lock();
        try {
            taken = !closed && waiting.add(question);
            asked.signal();
        } finally {
            lock.unlock();
        }
        if (!taken) {
            question.answer.cancel(false);
        }
        return question.answer;
    }

    /** See {@link Reconnector#giveUp(GivenUp, HostAndPort)}. */
    void giveUp(GivenUp why, @Nullable HostAndPort except) {
        links.giveUp(why, except);
    }

    /** See {@link Reconnector#hurry}. */
    void hurry() {
        links.hurry();
    }

    /** Cancels what waits, and does not wait for its thread. */
    void stop() {
        links.stop();
        List<HistoryQuestion> unanswered;
        lock.lock();
        try {
            closed = true;
            unanswered = List.copyOf(waiting);
            waiting.clear();
            asked.signal();
        } finally {
            lock.unlock();
        }
        unanswered.forEach(question -> question.answer.cancel(false));
        links.abort();
    }

    void join() {
        Threads.join(thread);
    }

    private void run() {
        try {
            links.run(this::use);
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "interrupted; no history is read any more", e);
        }
    }

    private Diagnosis use(RedisLink current) throws InterruptedException {
        try {
            links.open(current);
            outage.ended();
            links.usable();
            serve(current);
            return Diagnosis.of(new IOException("closed"));
        } catch (RuntimeException | IOException e) {
            current.abort();
            var diagnosis = Diagnosis.of(e);
            if (diagnosis.misconfigured() && !links.isStopped()) {
                outage.failed(diagnosis);
            } else { // the subscriber says so, once for the node
                LOG.log(Level.DEBUG, "no history can be read for a moment", e);
            }
            return diagnosis;
        }
    }

    private void serve(RedisLink current) throws IOException, InterruptedException {
        var buffer = new CommandBuffer();
        for (var batch = take(); !batch.isEmpty(); batch = take()) {
            var unanswered = new ArrayDeque<>(batch);
            try {
                batch.forEach(question -> question.write(buffer, limit));
                current.write(buffer);
                while (!unanswered.isEmpty()) {
                    var reply = read(current);
                    if (reply instanceof JedisDataException error
                            && !Rights.missing(String.valueOf(error.getMessage()))) {
                        throw error; // it is loading its data, for instance: that passes
                    }
                    answer(unanswered.remove(), reply);
                }
            } catch (RuntimeException | IOException e) {
                buffer.clear();
                askAgain(unanswered);
                throw e;
            }
        }
    }

    private List<HistoryQuestion> take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                asked.await();
            }
            List<HistoryQuestion> batch = new ArrayList<>();
            while (!waiting.isEmpty() && batch.size() < BATCH) {
                batch.add(waiting.remove());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void askAgain(ArrayDeque<HistoryQuestion> unanswered) {
        boolean over;
        lock.lock();
        try {
            over = closed;
            for (var question = unanswered.pollLast(); question != null && !over; question = unanswered.pollLast()) {
                waiting.addFirst(question);
            }
        } finally {
            lock.unlock();
        }
        unanswered.forEach(question -> question.answer.cancel(false));
    }

    /** Skips the four OKs before the answer; an error among them makes the answer one, too. */
    private static Object read(RedisLink current) {
        @Nullable Object last = null;
        @Nullable JedisDataException error = null; // the first one says why; that of EXEC only that there was one
        for (int i = 0; i < 5; i++) {
            try {
                last = current.read();
            } catch (JedisDataException e) {
                error = error == null ? e : error;
            }
        }
        return error != null ? error : Objects.requireNonNull(last);
    }

    private void answer(HistoryQuestion question, Object reply) {
        if (!(reply instanceof List<?> parts) || parts.size() < 2) {
            question.answer.completeExceptionally(refused(reply instanceof Throwable thrown ? thrown : null));
            return;
        }
        var page = question.page(parts);
        adapt(question.bytes(), question.entries());
        complain(question);
        if (page == null) {
            askAgain(new ArrayDeque<>(List.of(question)));
        } else {
            question.answer.complete(page);
        }
    }

    private void complain(HistoryQuestion question) {
        var told = receiver;
        var complaint = question.complaint();
        if (told != null && complaint != null) {
            try {
                told.unreadable(question.channel, complaint);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a receiver must not throw", e);
            }
        }
    }

    private BroadcastException refused(@Nullable Throwable cause) {
        var message = cause == null ? "no answer to EXEC" : String.valueOf(cause.getMessage());
        var rule = Rights.rule(message, settings.prefix());
        return new BroadcastException.Refused(
                "Redis at " + settings.address() + " refused to read a history: " + message
                        + (rule.isEmpty() ? "" : "; to do: ACL SETUSER <user> " + rule),
                cause);
    }

    private void adapt(long size, int count) {
        if (size > ANSWER_BYTES && count > 1) {
            limit = Math.max(1, (int) (count * ANSWER_BYTES / size));
        } else if (size < ANSWER_BYTES / 2 && limit < 1 << 20) {
            limit *= 2;
        }
    }
}
