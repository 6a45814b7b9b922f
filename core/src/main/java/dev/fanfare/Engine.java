package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final ApplicationCode code;
    private final Inbound inbound;
    private final Lanes lanes;
    private final @Nullable History history;
    private final AtomicBoolean closed = new AtomicBoolean();

    Engine(Broadcaster broadcaster, Settings settings) {
        this.broadcaster = broadcaster;
        this.settings = settings;
        var counters = new Counters();
        var callbacks = new Callbacks(settings, counters);
        this.connectivity = new Connectivity(callbacks);
        this.broadcasts = new Broadcasts(broadcaster, settings, counters, callbacks, connectivity);
        var members = new Members();
        var timer = settings.timer().get();
        this.code = new ApplicationCode(settings, counters, callbacks);
        this.history = broadcaster instanceof History kept ? kept : null;
        var shared = history == null
                ? null
                : new Continuity.Shared(history, new AtomicLong(), settings.laneBytes(), counters);
        var channels = new NodeChannels(broadcaster, code, shared, broadcasts::publishHeld);
        this.internals = new Internals(
                settings,
                counters,
                callbacks,
                timer,
                new Reaper(timer, counters, members),
                new SessionRegistry(),
                channels,
                new PinnedMemory(settings.pinnedBytes()),
                members);
        this.inbound = new Inbound(settings, counters, callbacks, code, channels, connectivity);
        this.lanes = new Lanes(internals, code::report);
    }

    void start() {
        broadcaster.start(inbound);
        var timer = internals.timer();
        timer.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(this::expire, EXPIRE_MILLIS, EXPIRE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** This, unless it is closed. */
    Engine opened() {
        if (closed.get()) {
            throw new IllegalStateException("the hub was closed");
        }
        return this;
    }

    Settings settings() {
        return settings;
    }

    Internals internals() {
        return internals;
    }

    NodeChannels channels() {
        return internals.channels();
    }

    Connectivity connectivity() {
        return connectivity;
    }

    Member member(ClientSession session) {
        return new Member(session, lanes.laneFor(session), internals);
    }

    /** Takes the session in, unless it is open already. */
    void open(ClientSession session) {
        var member = member(session);
        if (internals.members().add(member)) {
            member.lane().execute(member::opened);
            if (closed.get()) { // meanwhile, and perhaps without this session
                internals.members().forget(member);
                opened();
            }
        }
    }

    void ended(ClientSession session) {
        var member = internals.members().findEvenIfDeparting(session);
        if (member != null) {
            member.ended();
        }
    }

    void pong(ClientSession session) {
        var member = internals.members().find(session);
        if (member != null) {
            member.pong();
        }
    }

    /** Has the session join as one of those that {@code acquisition} acquires for it, if it is open. */
    CompletableFuture<@Nullable Void> join(ClientSession session, Function<Lane, Audience> acquisition) {
        var joined = new CompletableFuture<@Nullable Void>();
        var member = find(session, joined);
        if (member != null) {
            var audience = acquisition.apply(member.lane());
            member.lane().execute(() -> member.join(audience, joined));
        }
        return joined;
    }

    /** The same, with what {@code replay} says first. */
    CompletableFuture<Replay.Outcome> join(
            ClientSession session, String channel, @Nullable Replay replay, Function<Lane, Audience> acquisition) {
        var kept = history;
        if (replay == null) {
            var none = new Replay.Outcome(0, Position.START, Optional.empty(), OptionalLong.empty());
            return join(session, acquisition).thenApply(joined -> none);
        }
        if (kept == null || !kept.covers(channel)) {
            throw new IllegalArgumentException(
                    "channel " + channel + " has no history to replay: see the broadcaster's history(…)");
        }
        var outcome = new CompletableFuture<Replay.Outcome>();
        var joined = new CompletableFuture<@Nullable Void>();
        joined.exceptionally(failure -> {
            internals.callbacks().fail(outcome, outcome, NodeChannel.refusal(failure));
            return null;
        });
        var member = find(session, joined);
        if (member != null) {
            var audience = acquisition.apply(member.lane());
            var catchUp = new CatchUp(replay, kept, internals, outcome);
            member.lane().execute(() -> member.join(audience, joined, catchUp));
        }
        return outcome;
    }

    boolean hasHistory(String channel) {
        return history != null && history.covers(channel);
    }

    CompletableFuture<Receipt> broadcast(String channel, Message message) {
        return broadcasts.broadcast(
                channel, code.checkSize(message), internals.channels().find(channel));
    }

    CompletableFuture<@Nullable Void> send(ClientSession session, Message message) {
        return sendFramed(session, code.checkSize(message));
    }

    CompletableFuture<@Nullable Void> sendFramed(ClientSession session, Message message) {
        var sent = new CompletableFuture<@Nullable Void>();
        var member = find(session, sent);
        if (member != null) {
            member.lane().execute(() -> member.send(message, sent));
        }
        return sent;
    }

    Subscription subscribe(String channel, Consumer<? super Message> events, Consumer<? super Gap> gaps) {
        var handler = new Handler<Message>(channel, events, gaps, code);
        return subscribe(handler, used -> used.add(handler));
    }

    <T> Subscription subscribe(Channel<T> channel, Consumer<? super T> events, Consumer<? super Gap> gaps) {
        var handler = new Handler<T>(channel.name(), events, gaps, code);
        return subscribe(handler, used -> used.add(channel.codec(), handler));
    }

    private Subscription subscribe(Handler<?> handler, Consumer<NodeChannel> addition) {
        var ready = new CompletableFuture<@Nullable Void>();
        internals.channels().add(handler, addition).whenComplete((done, cause) -> {
            if (cause == null) {
                internals.callbacks().done(ready, ready);
            } else {
                handler.close();
                internals.callbacks().fail(ready, ready, NodeChannel.refusal(cause));
            }
        });
        return new Subscription(ready, () -> {
            handler.close();
            internals.channels().remove(handler);
            internals.callbacks().fail(ready, ready, new CancellationException("the subscription was closed before"));
        });
    }

    /** The session's member; null, and {@code result} fails, if it is not open. */
    private @Nullable Member find(ClientSession session, CompletableFuture<?> result) {
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
        internals.channels().keep(channel).whenComplete((done, cause) -> {
            if (cause == null) {
                internals.callbacks().done(kept, kept);
            } else {
                internals.callbacks().fail(kept, kept, NodeChannel.refusal(cause));
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
                counters.skipped.sum(),
                counters.refilled.sum(),
                counters.unpositioned.sum(),
                lanes.queuedMessages(),
                internals.channels().inboxMessages(),
                internals.pinned().bytes(),
                internals.callbacks().pending(),
                counters.callbacksDropped.sum(),
                counters.closesPending.get());
    }

    /** Closing again does nothing. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            new Shutdown(broadcaster, internals, lanes, connectivity).run();
        }
    }

    private void check() {
        guarded(() -> lanes.all().forEach(lane -> lane.execute(lane::check)));
        guarded(internals.channels()::check);
    }

    private void expire() {
        guarded(() -> broadcasts.expire(internals.channels(), System.nanoTime()));
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
