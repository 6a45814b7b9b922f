package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Message;
import dev.fanfare.Run;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who writes to a session next. While {@code @OnOpen} runs, that is the application alone: what it sends goes out at once,
 * one message after the other, and what comes from the outbox is held back. From then on everything takes its turn in the
 * outbox. Thread-safe. What only sessions need whose application sends on its own is made when it does: there may be very
 * many of the others.
 */
final class Turns {

    /** What may wait while {@code @OnOpen} runs, as the outbox by default. */
    private static final int EARLY_MESSAGES = 16_384;

    private static final long EARLY_BYTES = 4 << 20;

    private record Held(Run run, Completion completion) {}

    private final RunSender runs;
    /** Sends what the application sends, message by message. */
    private final PortableSender sender;
    /** Messages of the application in the outbox. Messages have no equals: each send has its own. */
    private volatile @Nullable Map<Message, Outgoing> outgoing;
    /** Whether runs go out: opened, and what was sent before has left. Raised once, under the lock. */
    private volatile boolean free;

    private volatile boolean ended;
    /** The end of the message that the application put into the outbox last. */
    private volatile @Nullable CompletableFuture<@Nullable Void> last;

    @GuardedBy("this")
    private boolean opened;
    /** The one run that came too early. */
    @GuardedBy("this")
    private @Nullable Held held;

    @GuardedBy("this")
    private @Nullable Deque<Outgoing> early;

    @GuardedBy("this")
    private long earlyBytes;

    /** The early message that is being sent. */
    @GuardedBy("this")
    private @Nullable Outgoing current;

    /** Calls of {@link #advance} that are not yet worked off; who raises it from 0 runs the loop. */
    private final AtomicInteger steps = new AtomicInteger();
    /** What the application is to be told of early messages, outside of the loop, as it may send again. */
    private volatile @Nullable Queue<Runnable> notices;

    Turns(RunSender runs, PortableSender sender) {
        this.runs = runs;
        this.sender = sender;
    }

    /** A run of the outbox, which sends the next when this one is complete. Never waits. */
    void send(Run run, Completion completion) {
        if (!free) {
            synchronized (this) {
                if (!free) {
                    held = new Held(run, completion);
                    return;
                }
            }
        }
        begin(run, completion);
    }

    /** Reads what the next send is about to read. */
    int touch() {
        return runs.touch() + (free ? 1 : 0);
    }

    private void begin(Run run, Completion completion) {
        Map<Message, Outgoing> known = outgoing;
        Outgoing own = known == null || run.size() != 1
                ? null
                : known.get(run.messages().get(0));
        if (own == null) {
            runs.send(run, completion);
        } else {
            own.begin(sender, completion);
        }
    }

    /** The application's @OnOpen has returned. */
    void opened() {
        synchronized (this) {
            opened = true;
        }
        advance();
    }

    /**
     * Takes a message of the application; its outcome comes by {@link Outgoing#outcome}.
     *
     * @param outbox puts a message into the session's outbox
     * @return what completes on a thread for the application when the message is sent; null while {@code @OnOpen} runs
     * @throws IOException if the session is closed, or too much waits
     */
    @Nullable
    CompletableFuture<@Nullable Void> submit(
            Outgoing message, Function<Message, CompletableFuture<@Nullable Void>> outbox) throws IOException {
        if (isEarly(message)) {
            advance();
            return null;
        }
        Map<Message, Outgoing> made = outgoing;
        Map<Message, Outgoing> known = made == null ? makeOutgoing() : made;
        known.put(message.message(), message);
        message.outcome().whenComplete((sent, cause) -> known.remove(message.message()));
        CompletableFuture<@Nullable Void> sent;
        try {
            sent = outbox.apply(message.message());
        } catch (IllegalStateException e) {
            message.fail(e);
            throw Outgoing.failure(e);
        }
        sent.whenComplete((done, cause) -> {
            if (cause != null) {
                message.fail(cause);
            }
        });
        last = sent;
        if (ended) {
            message.fail(closed());
        }
        return sent;
    }

    private synchronized boolean isEarly(Outgoing message) throws IOException {
        if (ended) {
            throw closed();
        }
        if (opened) {
            return false;
        }
        if (early == null) {
            early = new ArrayDeque<>(2);
        }
        int size = message.message().size();
        if (!early.isEmpty() && (early.size() >= EARLY_MESSAGES || earlyBytes + size > EARLY_BYTES)) {
            throw new IOException("the message was not sent: " + early.size() + " messages with " + earlyBytes
                    + " bytes wait already, while @OnOpen runs");
        }
        early.add(message);
        earlyBytes += size;
        return true;
    }

    private synchronized Map<Message, Outgoing> makeOutgoing() {
        Map<Message, Outgoing> known = outgoing;
        if (known == null) {
            known = new ConcurrentHashMap<>();
            outgoing = known;
        }
        return known;
    }

    private synchronized Queue<Runnable> makeNotices() {
        Queue<Runnable> known = notices;
        if (known == null) {
            known = new ConcurrentLinkedQueue<>();
            notices = known;
        }
        return known;
    }

    /** Has the application told, on the thread that tells of the send but for what is still to be done there. */
    void tell(Runnable notice) {
        Queue<Runnable> known = notices;
        (known == null ? makeNotices() : known).add(notice);
        if (steps.get() == 0) {
            drain();
        }
    }

    private void drain() {
        Queue<Runnable> known = notices;
        if (known != null) {
            for (Runnable notice = known.poll(); notice != null; notice = known.poll()) {
                notice.run();
            }
        }
    }

    /** A loop, as a container may report the outcome inside the call that sends: the stack does not grow. */
    private void advance() {
        if (steps.getAndIncrement() == 0) {
            do {
                next();
            } while (steps.decrementAndGet() != 0);
            drain();
        }
    }

    private void next() {
        Outgoing message;
        Held run = null;
        synchronized (this) {
            if (current != null) {
                return;
            }
            message = early == null ? null : early.poll();
            current = message;
            if (message != null) {
                earlyBytes -= message.message().size();
            } else if (opened && !free) {
                free = true;
                run = held;
                held = null;
                early = null;
            }
        }
        if (message != null) {
            message.begin(sender, new Early(message));
        } else if (run != null) {
            begin(run.run(), run.completion());
        }
    }

    private void earlyIsOver() {
        synchronized (this) {
            current = null;
        }
        advance();
    }

    /** Completes, on a thread for the application, when what it has sent so far is over; null if nothing of it waits. */
    @Nullable
    CompletableFuture<@Nullable Void> pending() {
        Map<Message, Outgoing> known = outgoing;
        return known == null || known.isEmpty() ? null : last;
    }

    /** The session has ended: whoever waits is told. */
    void ended() {
        List<Outgoing> lost;
        synchronized (this) {
            ended = true;
            lost = early == null ? new ArrayList<>() : new ArrayList<>(early);
            early = null;
            earlyBytes = 0;
            if (current != null) {
                lost.add(current); // its container may never tell
            }
        }
        lost.forEach(message -> message.fail(closed()));
        Map<Message, Outgoing> known = outgoing;
        if (known != null) {
            known.values().forEach(message -> message.fail(closed()));
        }
    }

    static IOException closed() {
        return new IOException("the message was not sent: the session is closed");
    }

    /** Of a message that was sent while @OnOpen ran. */
    private final class Early implements Completion {
        private final Outgoing message;

        Early(Outgoing message) {
            this.message = message;
        }

        @Override
        public void progress() {
            // Nobody counts the time: what becomes of a session that takes nothing, pings tell.
        }

        @Override
        public void done() {
            earlyIsOver();
        }

        @Override
        public void busy(int sent) {
            message.fail(new IOException("the message was not sent: somebody writes to the session past the hub"));
            earlyIsOver();
        }

        @Override
        public void failed(Throwable cause) {
            earlyIsOver();
        }
    }
}
