package dev.fanfare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One audience of a channel on one lane: its members there, and the messages that wait to be merged into a run. For the lane alone. */
final class LaneChannel {

    private final String name;
    private final ClientSession.@Nullable Framing framing;
    private final Lane lane;
    private final Internals internals;
    private final List<Membership> members = new ArrayList<>(2);
    private List<Message> waiting = new ArrayList<>();
    private long waitingBytes;

    /** The position of the last message that came, if any had one. */
    private @Nullable Position last;

    /** What came lately, while members are not level; null while all are. */
    private @Nullable Remembered remembered;

    private int gaps;

    /** What was told of the last gap, for members that are ahead of the lane and may have what was missing. */
    private @Nullable Message lastGap;

    private int behind;
    private int skipping;

    LaneChannel(String name, ClientSession.@Nullable Framing framing, Lane lane, Internals internals) {
        this.name = name;
        this.framing = framing;
        this.lane = lane;
        this.internals = internals;
    }

    List<Membership> members() {
        return members;
    }

    void add(Membership membership) {
        // What came before is not for the new member. It does not cut the run either, or reconnecting clients would
        // cost the others.
        if (membership.catchUp != null || anyExpires(waiting)) {
            handOut();
        }
        membership.skip = waiting.size();
        membership.index = members.size();
        members.add(membership);
        if (membership.catchUp != null) {
            behind++;
            if (remembered == null) {
                remembered = new Remembered(last);
            }
        }
    }

    void remove(Membership membership) {
        if (!membership.member().isGivenUp()) {
            handOut(); // what came before still is for it
        }
        var moved = members.remove(members.size() - 1);
        if (moved != membership) {
            moved.index = membership.index;
            members.set(membership.index, moved);
        }
        if (membership.catchUp != null) {
            ended(membership.catchUp);
        }
    }

    private void ended(CatchUp catchUp) {
        if (catchUp.isSkipping()) {
            skipping--;
        } else {
            behind--;
            remembered = behind == 0 ? null : remembered;
        }
    }

    /** Takes a message; true if it is the first one to wait. */
    boolean collect(Message raw, @Nullable Position position) {
        if (position != null && position.equals(last)) {
            return false; // again, because another lane had no room for it
        }
        if (remembered != null) {
            remembered.add(raw, position);
        }
        last = position == null ? last : position;
        var message = framed(raw, position);
        if (skipping > 0) {
            handOut(message, position);
            return false;
        }
        return collect(message);
    }

    /** What the members get for a message of the channel. */
    Message framed(Message message, @Nullable Position position) {
        return framing == null ? message : framing.message(name, message, position);
    }

    /** One message alone, because some members have it already. */
    private void handOut(Message message, @Nullable Position position) {
        handOut();
        for (var membership : members) {
            var catchUp = membership.catchUp;
            if (position != null && catchUp != null && catchUp.wants(position)) {
                membership.catchUp = null; // level: this one and everything behind it is new
                skipping--;
                if (lastGap != null && catchUp.misses(position, gaps)) {
                    handOut(new ArrayList<>(List.of(lastGap)), membership);
                }
            }
        }
        collect(message);
        handOut(position == null);
    }

    /** How many gaps there were. */
    int gaps() {
        return gaps;
    }

    @Nullable
    Position last() {
        return last;
    }

    /** What came behind {@code position}, or null if not all of that is remembered. */
    @Nullable
    List<Remembered.Item> remembered(Position position) {
        var known = remembered;
        return known == null ? null : known.behind(position, last);
    }

    /** The member has everything that came, and perhaps more: then it skips what it has. */
    void level(Membership membership, boolean ahead) {
        handOut(); // what it has, and the others do not
        var catchUp = membership.catchUp;
        behind--;
        remembered = behind == 0 ? null : remembered;
        skipping += ahead ? 1 : 0;
        membership.catchUp = ahead ? catchUp : null;
    }

    /** Messages may be missing before those that come next. */
    void gap(Gap gap) {
        handOut();
        if (!gap.channel().equals(name)) {
            return;
        }
        gaps++;
        if (remembered != null) {
            remembered.forget(last);
        }
        var told = framing == null ? null : framing.gap(gap);
        lastGap = told;
        if (told != null && !members.isEmpty()) {
            lane.handOut(Run.of(told), shared -> offer(shared, false));
        }
    }

    /** Gives messages to one member that is not level yet. */
    void handOut(List<Message> messages, Membership membership) {
        dropExpired(messages);
        if (messages.isEmpty()) {
            return;
        }
        lane.handOut(new Run(messages), shared -> {
            var whole = new Segment(shared, 0, shared.run().size(), name, null);
            offerAllowed(whole, membership.member());
        });
    }

    private boolean collect(Message message) {
        if (waitingBytes + message.size() > Settings.RUN_BYTES) {
            handOut();
        }
        waiting.add(message);
        waitingBytes += message.size();
        return waiting.size() == 1;
    }

    /** Makes a run of what waits and gives it to every member. */
    void handOut() {
        handOut(false);
    }

    private void handOut(boolean alsoToSkipping) {
        if (waiting.isEmpty()) {
            return;
        }
        var messages = waiting;
        waiting = new ArrayList<>();
        waitingBytes = 0;
        dropExpired(messages);
        if (!messages.isEmpty() && !members.isEmpty()) {
            lane.handOut(new Run(messages), shared -> offer(shared, alsoToSkipping));
        }
    }

    private void offer(SharedRun shared, boolean alsoToSkipping) {
        var whole = new Segment(shared, 0, shared.run().size(), name, null);
        boolean exceptions = hasExceptions(shared.run());
        // No member goes while this loop runs: a session that is given up leaves its channels afterwards.
        for (int i = 0; i < members.size(); i++) {
            if (i % Lane.MEMBERS_IN_A_ROW == 0) {
                lane.beforeMembers(members, i);
            }
            var membership = members.get(i);
            var catchUp = membership.catchUp;
            if (catchUp != null && !(alsoToSkipping && catchUp.isSkipping())) {
                continue; // it gets this from its catch-up, or has it
            }
            var part = whole;
            if (membership.skip > 0) {
                part = whole.slice(membership.skip, whole.to());
                membership.skip = 0;
            }
            if (exceptions) {
                offerAllowed(part, membership.member());
            } else if (part.messages() > 0) {
                membership.outbox().offer(part);
            }
        }
    }

    private static boolean hasExceptions(Run run) {
        for (var message : run.messages()) {
            if (message.attributes().exceptSession() != null) {
                return true;
            }
        }
        return false;
    }

    private static void offerAllowed(Segment whole, Member member) {
        int start = whole.from();
        for (int i = start; i < whole.to(); i++) {
            if (member.id().equals(whole.message(i).attributes().exceptSession())) {
                offerPart(whole, start, i, member);
                start = i + 1;
            }
        }
        offerPart(whole, start, whole.to(), member);
    }

    private static void offerPart(Segment whole, int from, int to, Member member) {
        if (from < to) {
            member.outbox().offer(from == whole.from() && to == whole.to() ? whole : whole.slice(from, to));
        }
    }

    private static boolean anyExpires(List<Message> messages) {
        for (var message : messages) {
            if (message.attributes().expiresAt() != null) {
                return true;
            }
        }
        return false;
    }

    private void dropExpired(List<Message> messages) {
        @Nullable Instant now = null;
        for (int i = messages.size() - 1; i >= 0; i--) {
            var expiry = messages.get(i).attributes().expiresAt();
            if (expiry != null) {
                now = now == null ? Instant.now() : now;
                if (expiry.isBefore(now)) {
                    messages.remove(i);
                    internals.counters().dropped.add(members.size());
                }
            }
        }
    }
}
