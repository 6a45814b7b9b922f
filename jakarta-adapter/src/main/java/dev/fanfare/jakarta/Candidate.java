package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A fast path that has to pass its {@link SelfTest}, on a thread of its own, before anything is sent by it. Sessions that
 * open meanwhile begin with the standard API and change over between two runs; if it fails, they and all later ones stay
 * with it. Thread-safe.
 */
final class Candidate implements AutoCloseable {

    private static final Logger LOG = System.getLogger(FastPaths.class.getName());

    /** For how long closing waits for a test that it has cut short. */
    private static final long CLOSE_MILLIS = 5_000;

    private enum State {
        FOUND,
        TESTED,
        PASSED,
        REFUSED
    }

    private final Class<?> type;
    private final FastPath path;
    private final long testMillis;
    private final AtomicReference<State> state = new AtomicReference<>(State.FOUND);
    private final CompletableFuture<@Nullable Void> cut = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    /** The path of sessions of the class {@code type}. */
    Candidate(Class<?> type, FastPath path, long testMillis) {
        this.type = type;
        this.path = path;
        this.testMillis = testMillis;
    }

    /** What sends to {@code session}: {@code portable} as long as the path has not passed. */
    RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable)
            throws ReflectiveOperationException {
        if (state.get() == State.REFUSED) {
            return portable;
        }
        RunSender fast = path.sender(session, remote, portable);
        return state.get() == State.PASSED ? fast : new Waiting(this, fast, portable);
    }

    /** Begins the test, unless it has begun. */
    void begin(Session session) throws ReflectiveOperationException {
        if (state.get() == State.FOUND && state.compareAndSet(State.FOUND, State.TESTED)) {
            Loopback.Opener opener = path.loopback(session);
            Thread tester = Loopback.threads().newThread(() -> test(opener));
            thread = tester;
            tester.start();
        }
    }

    private void test(Loopback.Opener opener) {
        long start = System.nanoTime();
        try (Loopback opened = open(opener)) {
            SelfTest.run(opened, testMillis, cut);
        } catch (Exception | LinkageError e) {
            refuse(e);
            return;
        }
        if (state.compareAndSet(State.TESTED, State.PASSED)) {
            LOG.log(
                    Level.INFO,
                    "Runs are sent to {0} by {1}, which passed its self-test in {2} ms",
                    type.getName(),
                    path,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
    }

    private Loopback open(Loopback.Opener opener) throws Exception {
        Loopback opened = opener.open(cut);
        cut.exceptionally(cause -> {
            try {
                opened.client().close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "A self-test was not cut short", e);
            }
            return null;
        });
        return opened;
    }

    /** The path is not used any more. */
    void refuse(Throwable cause) {
        if (state.getAndSet(State.REFUSED) != State.REFUSED) {
            FastPaths.refused(type, cause);
        }
    }

    @Override
    public void close() {
        Thread tester = thread;
        if (tester == null || !state.compareAndSet(State.TESTED, State.REFUSED)) {
            return;
        }
        cut.completeExceptionally(new CancellationException("the hub was closed"));
        try {
            tester.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of a session that opened before the test was over. */
    private record Waiting(Candidate candidate, RunSender fast, RunSender portable) implements RunSender {

        @Override
        public RunSender inUse() {
            return candidate.state.get() == State.PASSED ? fast : portable;
        }

        @Override
        public int touch() {
            return inUse().touch();
        }

        @Override
        public void send(Run run, Completion completion) {
            inUse().send(run, completion);
        }

        @Override
        public @Nullable Executor affinity() {
            return fast.affinity();
        }
    }
}
