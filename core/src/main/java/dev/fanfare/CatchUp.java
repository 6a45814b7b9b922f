package dev.fanfare;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A session that joined with a {@link Replay}, until it is level with the others of its lane. Meanwhile it gets what the
 * history answers, a portion at a time, as fast as it takes it; what comes live is remembered by its {@link LaneChannel}. It is
 * level when everything up to the lane's last message has been given to it, or the history was ahead of the lane: then it skips
 * what it has already. Belongs to its lane's thread.
 */
final class CatchUp {

    private static final int PORTION = 256;
    private static final int PAGE = 512;
    private static final long PATIENCE_MILLIS = 5;

    private final Replay replay;
    private final History history;
    private final Internals internals;
    private final CompletableFuture<Replay.Outcome> outcome;
    private final Deque<Message> waiting = new ArrayDeque<>();

    private @Nullable Membership membership;
    private @Nullable LaneChannel among;

    /** What was read from the history or remembered, and put into {@link #waiting}, up to here. */
    private Position upTo = Position.START;

    /** Where the lane was, and how many gaps it had had, when the history was asked. */
    private @Nullable Position laneAt;

    private int gapsSeen;
    private boolean last;
    private long messages;
    private Gap.@Nullable Reason gap;
    private OptionalLong lost = OptionalLong.empty();

    /** The history was ahead of the lane: what comes up to {@link #upTo} is skipped. */
    private boolean skipping;

    CatchUp(Replay replay, History history, Internals internals, CompletableFuture<Replay.Outcome> outcome) {
        this.replay = replay;
        this.history = history;
        this.internals = internals;
        this.outcome = outcome;
    }

    /** Whether it skips what it has already, message by message. */
    boolean isSkipping() {
        return skipping;
    }

    /** Whether a message that comes live is for the session. On the lane. */
    boolean wants(Position position) {
        return skipping && position.isAfter(upTo);
    }

    /** Whether a gap of the lane, which has had {@code gaps} of them, is one for the session, too, as {@code next} comes next. */
    boolean misses(Position next, int gaps) {
        return gaps != gapsSeen && !next.follows(upTo);
    }

    /** Its subscription is confirmed: everything from now on comes live. On the lane. */
    void begin(Membership joined) {
        membership = joined;
        if (isOver()) {
            return;
        }
        among = joined.member().lane().channel(joined.audience());
        var since = replay.after();
        if (since == null) {
            expect(history.newest(joined.channel().name(), replay.last()));
        } else {
            upTo = since;
            ask();
        }
    }

    private void ask() {
        expect(history.after(current().channel().name(), upTo, PAGE));
    }

    private void expect(CompletableFuture<History.Page> answer) {
        laneAt = channel().last();
        gapsSeen = channel().gaps();
        answer.whenComplete((page, failure) -> {
            if (page == null) {
                current().member().lane().execute(() -> fail(failure));
            } else {
                rendered(page);
            }
        });
    }

    /** Has the page rendered by the executor, if it has to be, and taken on the lane. */
    private void rendered(History.Page page) {
        var lane = current().member().lane();
        var rendering = current().audience().rendering();
        if (rendering == null) {
            lane.execute(() -> take(page, page.entries()));
            return;
        }
        boolean runs = internals.callbacks().run(() -> {
            List<History.Entry> rendered = new ArrayList<>();
            for (var entry : page.entries()) {
                var message = rendering.apply(entry.message());
                if (message != null) {
                    rendered.add(new History.Entry(entry.position(), message));
                }
            }
            lane.execute(() -> take(page, rendered));
        });
        if (!runs) {
            lane.execute(() -> fail(new BroadcastException("the executor takes no more renderings")));
        }
    }

    private void take(History.Page page, List<History.Entry> entries) {
        if (isOver()) {
            return;
        }
        if (page.gap() != null) {
            gap(page.gap(), page.lost());
        }
        entries.forEach(entry -> add(entry.message(), entry.position()));
        upTo = page.end();
        last = page.isLast();
        if (last && laneAt != null && laneAt.isAfter(upTo)) {
            gap(Gap.Reason.HISTORY_LOST, OptionalLong.empty()); // the others have had what the history does not have
            upTo = laneAt;
        }
        goOn();
    }

    private void gap(Gap.Reason reason, OptionalLong missing) {
        gap = reason;
        lost = missing;
        var framing = current().audience().framing();
        var now = Instant.now();
        var told =
                framing == null ? null : framing.gap(new Gap(current().channel().name(), now, now, reason, missing));
        if (told != null) {
            waiting.add(told);
        }
    }

    private void add(Message message, @Nullable Position position) {
        waiting.add(channel().framed(message, position));
        messages++;
    }

    /** Gives the session what waits, as far as it takes it, and then what comes next. */
    private void goOn() {
        while (!isOver()) {
            if (!waiting.isEmpty()) {
                if (!current().member().outbox().isDrained()) {
                    var lane = current().member().lane();
                    internals.later(PATIENCE_MILLIS, () -> lane.execute(this::goOn));
                    return;
                }
                offerPortion();
            } else if (!last) {
                ask();
                return;
            } else if (!takeRemembered()) {
                return;
            }
        }
    }

    private void offerPortion() {
        List<Message> portion = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty()
                && portion.size() < PORTION
                && (portion.isEmpty() || bytes + waiting.element().size() <= Settings.RUN_BYTES)) {
            bytes += waiting.element().size();
            portion.add(waiting.remove());
        }
        channel().handOut(portion, current());
    }

    /** Takes what came meanwhile, or asks for it; returns whether there was something. Is level if there was nothing. */
    private boolean takeRemembered() {
        // Behind a gap of the lane there may be messages for this session, or fewer than it believes.
        var remembered = channel().gaps() == gapsSeen ? channel().remembered(upTo) : null;
        if (remembered == null) {
            ask();
            return false;
        }
        for (var delivery : remembered) {
            add(delivery.message(), delivery.position());
            upTo = delivery.position() == null ? upTo : delivery.position();
        }
        if (remembered.isEmpty()) {
            level();
            return false;
        }
        return true;
    }

    private void level() {
        var position = channel().last();
        skipping = position == null || upTo.isAfter(position);
        channel().level(current(), skipping);
        var result = new Replay.Outcome(messages, upTo, Optional.ofNullable(gap), lost);
        internals.callbacks().complete(outcome, outcome, result);
    }

    private void fail(Throwable cause) {
        if (!isOver()) {
            internals.callbacks().fail(outcome, outcome, NodeChannel.refusal(cause));
            current().member().leave(current().channel().name());
        }
    }

    /** Whether the session left meanwhile. */
    private boolean isOver() {
        boolean over = current().catchUp != this || !current().member().isIn(current());
        if (over) {
            internals.callbacks().fail(outcome, outcome, new CancellationException("the session left before"));
        }
        return over;
    }

    private Membership current() {
        return Objects.requireNonNull(membership);
    }

    private LaneChannel channel() {
        return Objects.requireNonNull(among);
    }
}
