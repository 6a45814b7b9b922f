package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes a hub, in this order: joins that wait are cancelled; the broadcaster drains and stops; outboxes are flushed;
 * every session is closed with 1001 after its last run; what does not answer is given up.
 */
final class Shutdown {

    private static final Logger LOG = System.getLogger(Shutdown.class.getName());
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LAST_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Broadcaster broadcaster;
    private final Internals internals;
    private final Lanes lanes;
    private final Connectivity connectivity;

    /** An interrupt does not leave sessions open: the caller finds it again after the close, which is bounded. */
    private boolean interrupted = Thread.interrupted();

    Shutdown(Broadcaster broadcaster, Internals internals, Lanes lanes, Connectivity connectivity) {
        this.broadcaster = broadcaster;
        this.internals = internals;
        this.lanes = lanes;
        this.connectivity = connectivity;
    }

    void run() {
        long deadline = System.nanoTime() + internals.settings().closeTimeout().toNanos();
        connectivity.closed();
        try {
            internals.channels().all().forEach(NodeChannel::publishHeld);
            broadcaster.close();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "Node " + internals.settings().node()
                            + ": the broadcaster could not be closed; the hub goes on closing",
                    e);
        }
        flush(Math.min(deadline, System.nanoTime() + FLUSH_NANOS));
        closeSessions(deadline);
        internals.timer().shutdownNow();
        internals.reaper().stop();
        lanes.stop();
        lastWords();
        internals.callbacks().close();
        awaitThreads();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void flush(long deadline) {
        while (System.nanoTime() < deadline && !allSettled(deadline)) {
            pause();
        }
    }

    /** Waits, too, until events are rendered, and the lanes have handled what was put into them before. */
    private boolean allSettled(long deadline) {
        if (!internals.channels().all().stream().allMatch(NodeChannel::isRendered)) {
            return false;
        }
        for (var lane : lanes.all()) {
            var settled = new CompletableFuture<Boolean>();
            lane.execute(() -> settled.complete(
                    lane.members().stream().allMatch(member -> member.outbox().isSettled())));
            while (!settled.isDone() && System.nanoTime() < deadline) {
                pause();
            }
            if (!settled.getNow(false)) {
                return false;
            }
        }
        return true;
    }

    private void closeSessions(long deadline) {
        for (var member : new ArrayList<>(internals.members().all())) {
            member.lane().execute(() -> member.disconnect(CloseCodes.GOING_AWAY, "the server is going away", false));
        }
        while (System.nanoTime() < deadline && (internals.members().size() > 0 || closesPending() > 0)) {
            pause();
        }
        long graceOver = Math.min(deadline, System.nanoTime() + FLUSH_NANOS);
        while (System.nanoTime() < graceOver && internals.reaper().hasUnanswered()) {
            pause();
        }
        internals.reaper().giveUpUnanswered();
        internals.reaper().takeNoMore();
        while (System.nanoTime() < deadline && !internals.reaper().isDone()) {
            pause();
        }
        if (!internals.reaper().isDone()) {
            LOG.log(
                    Level.WARNING,
                    "Node {0}: {1} sessions were still being closed by their container after {2}; they are left to daemon"
                            + " threads",
                    internals.settings().node(),
                    closesPending(),
                    internals.settings().closeTimeout());
        }
    }

    private long closesPending() {
        return internals.counters().closesPending.get();
    }

    /** Futures, listeners and handlers hear how it ended, unless application code blocks them. */
    private void lastWords() {
        long deadline = System.nanoTime() + LAST_WORDS_NANOS;
        while (System.nanoTime() < deadline && (internals.callbacks().pending() > 0 || !areHandlersDone())) {
            pause();
        }
    }

    /** Servlet containers warn of threads that an application leaves behind, be it for a millisecond. */
    private void awaitThreads() {
        long deadline = System.nanoTime() + LAST_WORDS_NANOS;
        while (System.nanoTime() < deadline && !haveThreadsEnded()) {
            pause();
        }
    }

    private boolean haveThreadsEnded() {
        return Workers.haveEnded(internals.timer())
                && lanes.isStopped()
                && internals.reaper().isStopped()
                && internals.callbacks().isClosed();
    }

    private boolean areHandlersDone() {
        return internals.channels().all().stream().allMatch(NodeChannel::isHandled);
    }

    private void pause() {
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
        interrupted |= Thread.interrupted();
    }
}
