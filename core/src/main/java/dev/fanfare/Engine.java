package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What stands behind a {@link Hub}: makes its parts, fits them together, and keeps the clock. */
final class Engine {

    private static final Logger LOG = System.getLogger(Engine.class.getName());
    private static final long CHECK_MILLIS = 1_000;
    private static final long EXPIRE_MILLIS = 100;

    private final Broadcaster broadcaster;
    private final Settings settings;
    private final Connectivity connectivity;
    private final Broadcasts broadcasts;
    private final Internals internals;
    private final Inbound inbound;
    private final Lanes lanes;

    Engine(Broadcaster broadcaster, Settings settings) {
        this.broadcaster = broadcaster;
        this.settings = settings;
        var counters = new Counters();
        var callbacks = new Callbacks(settings, counters);
        this.connectivity = new Connectivity(callbacks);
        this.broadcasts = new Broadcasts(broadcaster, settings, counters, callbacks, connectivity);
        var members = new Members();
        var timer = Workers.timer("fanfare-timer");
        var subscriptions = new Subscriptions(broadcaster, broadcasts::publishHeld);
        this.internals = new Internals(
                settings,
                counters,
                callbacks,
                timer,
                new Reaper(timer, counters, members),
                new SessionRegistry(),
                subscriptions,
                new PinnedMemory(settings.pinnedBytes()),
                members);
        this.inbound = new Inbound(settings, counters, callbacks, subscriptions, connectivity);
        this.lanes = new Lanes(internals, inbound::gap);
    }

    void start() {
        broadcaster.start(inbound);
        var timer = internals.timer();
        timer.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(this::expire, EXPIRE_MILLIS, EXPIRE_MILLIS, TimeUnit.MILLISECONDS);
    }

    Settings settings() {
        return settings;
    }

    Internals internals() {
        return internals;
    }

    Broadcasts broadcasts() {
        return broadcasts;
    }

    Connectivity connectivity() {
        return connectivity;
    }

    Member member(ClientSession session) {
        return new Member(session, lanes.laneFor(session), internals);
    }

    /** The session's member; null, and {@code result} fails, if it is not open. */
    @Nullable
    Member find(ClientSession session, CompletableFuture<?> result) {
        var member = internals.members().find(session);
        if (member == null) {
            var cause = new IllegalStateException("session " + session.id()
                    + " is not open in this hub: it has ended, or open(session) was not called");
            internals.callbacks().fail(result, result, cause);
        }
        return member;
    }

    /** Runs {@code task} on the session's lane, if it is open; completes when it has run. */
    CompletableFuture<@Nullable Void> onLane(ClientSession session, Consumer<Member> task) {
        var result = new CompletableFuture<@Nullable Void>();
        var member = internals.members().find(session);
        if (member == null) {
            internals.callbacks().done(result, result); // whoever has ended has left
        } else {
            member.lane().execute(() -> {
                task.accept(member);
                internals.callbacks().done(result, result);
            });
        }
        return result;
    }

    /** Completes when {@code channel}, which is kept from now on, is subscribed. */
    CompletableFuture<@Nullable Void> keep(String channel) {
        var kept = new CompletableFuture<@Nullable Void>();
        internals.subscriptions().keep(channel).whenComplete((done, cause) -> {
            if (cause == null) {
                internals.callbacks().done(kept, kept);
            } else {
                internals.callbacks().fail(kept, kept, Subscription.refusal(cause));
            }
        });
        return kept;
    }

    HubStats stats() {
        var state = connectivity.state();
        var counters = internals.counters();
        return new HubStats(
                state == Broadcaster.State.LIVE,
                state,
                connectivity.downSince(),
                connectivity.reconnects(),
                internals.members().size(),
                internals.registry().channels().size(),
                counters.broadcastsPending.get(),
                counters.broadcastsAcked.sum(),
                counters.broadcastsFailed.sum(),
                counters.broadcastsUncertain.sum(),
                counters.received.sum(),
                counters.sent.sum(),
                counters.dropped.sum(),
                counters.disconnectedAsSlow.sum(),
                counters.gaps.sum(),
                counters.unreadable.sum(),
                lanes.queuedMessages(),
                internals.pinned().bytes(),
                internals.callbacks().pending(),
                counters.callbacksDropped.sum(),
                counters.closesPending.get());
    }

    void close() {
        new Shutdown(broadcaster, internals, lanes, connectivity).run();
    }

    private void check() {
        guarded(() -> lanes.all().forEach(lane -> lane.execute(lane::check)));
    }

    private void expire() {
        guarded(() -> broadcasts.expire(internals.subscriptions(), System.nanoTime()));
    }

    /** A task that throws would not run again. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A task of the timer failed; this is a defect of the library", e);
        }
    }
}
