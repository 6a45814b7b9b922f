package dev.fanfare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client's connection under the test's control: takes runs at once, or only when the test says so. */
final class RecordingSession implements ClientSession {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String id = "session-" + NUMBER.incrementAndGet();
    private final List<Message> received = new ArrayList<>();
    private final List<String> closes = new ArrayList<>();
    private final Deque<Completion> inFlight = new ArrayDeque<>();
    private final AtomicInteger overlapping = new AtomicInteger();
    private boolean stalled;
    private int pings;
    private volatile Runnable onPing = () -> {};
    private volatile Runnable onClose = () -> {};
    private volatile Runnable onSend = () -> {};
    private volatile @Nullable Executor affinity;

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable Executor affinity() {
        return affinity;
    }

    /** Brings a lane of its own along. */
    RecordingSession on(Executor executor) {
        affinity = executor;
        return this;
    }

    @Override
    public void send(Run run, Completion completion) {
        onSend.run();
        boolean now;
        synchronized (this) {
            if (!inFlight.isEmpty()) {
                overlapping.incrementAndGet();
            }
            received.addAll(run.messages());
            now = !stalled;
            if (!now) {
                inFlight.add(completion);
            }
        }
        if (now) {
            completion.done();
        }
    }

    @Override
    public void ping() {
        synchronized (this) {
            pings++;
        }
        onPing.run();
    }

    @Override
    public void close(int code, String reason, boolean hard) {
        synchronized (this) {
            closes.add(code + (hard ? " hard" : ""));
        }
        onClose.run();
    }

    /** What its container does when it has closed the session; by default nothing, as if the client were dead. */
    RecordingSession onClose(Runnable action) {
        onClose = action;
        return this;
    }

    /** From now on runs stay in flight. */
    synchronized RecordingSession stall() {
        stalled = true;
        return this;
    }

    /** Completes what is in flight, and every run from now on at once. */
    void flow() {
        List<Completion> completions;
        synchronized (this) {
            stalled = false;
            completions = List.copyOf(inFlight);
            inFlight.clear();
        }
        completions.forEach(Completion::done);
    }

    /** The completion of the run in flight; it stays the test's to call. */
    synchronized Completion takeInFlight() {
        return inFlight.remove();
    }

    synchronized boolean hasInFlight() {
        return !inFlight.isEmpty();
    }

    void onPing(Runnable action) {
        onPing = action;
    }

    void onSend(Runnable action) {
        onSend = action;
    }

    synchronized List<String> texts() {
        return received.stream()
                .map(message -> message instanceof Message.Text text ? text.text() : "<" + message.size() + " bytes>")
                .toList();
    }

    synchronized int count() {
        return received.size();
    }

    synchronized List<String> closes() {
        return List.copyOf(closes);
    }

    synchronized int pings() {
        return pings;
    }

    int overlapping() {
        return overlapping.get();
    }
}
