package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes and pings sessions, on threads that may block: closing takes 50 ms to 20 s on some containers when a client has
 * stopped reading (measured on Tomcat and Open Liberty), and runs the application's {@code @OnClose} on others.
 */
final class Reaper {

    private static final Logger LOG = System.getLogger(Reaper.class.getName());

    /** A client has so long to answer a close frame before the connection is given up, if its container waits for it. */
    private static final long GRACE_MILLIS = 2_000;

    private final ExecutorService executor = Workers.blocking("fanfare-reaper");
    private final ConcurrentHashMap<Member, Runnable> unanswered = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer;
    private final Counters counters;
    private final Members members;

    Reaper(ScheduledExecutorService timer, Counters counters, Members members) {
        this.timer = timer;
        this.counters = counters;
        this.members = members;
    }

    /** Closes the session; gives the connection up at once ({@code hard}) or if it has not ended after the grace. */
    void close(Member member, int code, String reason, boolean hard) {
        run(() -> {
            try {
                if (!member.hasEnded()) {
                    attempt(member, code, reason, false);
                }
                if (hard) {
                    closeHard(member, code, reason);
                } else {
                    awaitEnd(member, code, reason);
                }
            } finally {
                counters.closesPending.decrementAndGet();
            }
        });
    }

    private void awaitEnd(Member member, int code, String reason) {
        Runnable hardClose = () -> closeHard(member, code, reason);
        unanswered.put(member, hardClose);
        if (member.hasEnded()) {
            // Nobody need wait for it, but its container may have said so within close and keep the connection: Tomcat.
            unanswered.remove(member);
            later(() -> run(hardClose));
        } else {
            later(() -> giveUp(member));
        }
    }

    private void giveUp(Member member) {
        var hardClose = unanswered.remove(member);
        if (hardClose != null) {
            run(hardClose);
        }
    }

    /** The member's session has ended. */
    void ended(Member member) {
        unanswered.remove(member);
    }

    boolean hasUnanswered() {
        return !unanswered.isEmpty();
    }

    void giveUpUnanswered() {
        unanswered.keySet().forEach(this::giveUp);
    }

    void ping(Member member) {
        run(() -> {
            member.pings();
            try {
                member.session().ping();
            } catch (RuntimeException e) {
                LOG.log(Level.DEBUG, "A ping failed: the session has ended", e);
                member.lane().execute(() -> member.disconnect(CloseCodes.GOING_AWAY, "the ping failed", false));
            }
        });
    }

    /**
     * The last thing that can be done for the session, also if its container says by now that it has ended: Undertow and
     * Tyrus say so within close, and keep the connection of a client that does not read (measured, see docs/containers.md).
     */
    private void closeHard(Member member, int code, String reason) {
        attempt(member, code, reason, true);
        members.forget(member);
    }

    private static void attempt(Member member, int code, String reason, boolean hard) {
        try {
            member.session().close(code, reason, hard);
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "Closing a session failed", e);
        }
    }

    private void later(Runnable task) {
        try {
            timer.schedule(task, GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "The hub is closed", e);
        }
    }

    private void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "The hub is closed", e);
        }
    }

    /** Nothing more is closed or pinged than what was asked for before. */
    void takeNoMore() {
        executor.shutdown();
    }

    /** Whether every close has returned, after {@link #takeNoMore}. */
    boolean isDone() {
        return Workers.haveEnded(executor);
    }

    void stop() {
        executor.shutdownNow();
    }

    /** Whether its threads have ended. */
    boolean isStopped() {
        return executor.isTerminated();
    }
}
