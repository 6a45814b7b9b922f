package dev.fanfare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One audience of a channel on one lane: its members there, and the messages that wait to be merged into a run. For the lane alone. */
final class LaneChannel {

    private final String name;
    private final Lane lane;
    private final Internals internals;
    private final List<Membership> members = new ArrayList<>(2);
    private List<Message> waiting = new ArrayList<>();
    private long waitingBytes;

    LaneChannel(String name, Lane lane, Internals internals) {
        this.name = name;
        this.lane = lane;
        this.internals = internals;
    }

    List<Membership> members() {
        return members;
    }

    void add(Membership membership) {
        handOut(); // what came before is not for the new member
        membership.index = members.size();
        members.add(membership);
    }

    void remove(Membership membership) {
        handOut(); // what came before still is
        var last = members.remove(members.size() - 1);
        if (last != membership) {
            last.index = membership.index;
            members.set(membership.index, last);
        }
    }

    /** Takes a message; true if it is the first one to wait. */
    boolean collect(Message message) {
        if (waitingBytes + message.size() > Settings.RUN_BYTES) {
            handOut();
        }
        waiting.add(message);
        waitingBytes += message.size();
        return waiting.size() == 1;
    }

    /** Makes a run of what waits and gives it to every member. */
    void handOut() {
        if (waiting.isEmpty()) {
            return;
        }
        var messages = waiting;
        waiting = new ArrayList<>();
        waitingBytes = 0;
        dropExpired(messages);
        if (!messages.isEmpty() && !members.isEmpty()) {
            lane.handOut(new Run(messages), this::offer);
        }
    }

    private void offer(SharedRun shared) {
        var whole = new Segment(shared, 0, shared.run().size(), name, null);
        boolean exceptions = hasExceptions(shared.run());
        // No member goes while this loop runs: a session that is given up leaves its channels afterwards.
        for (var membership : members) {
            var member = membership.member();
            if (exceptions) {
                offerAllowed(whole, member);
            } else {
                member.outbox().offer(whole);
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
        int start = 0;
        for (int i = 0; i < whole.to(); i++) {
            if (member.id().equals(whole.message(i).attributes().exceptSession())) {
                offerPart(whole, start, i, member);
                start = i + 1;
            }
        }
        offerPart(whole, start, whole.to(), member);
    }

    private static void offerPart(Segment whole, int from, int to, Member member) {
        if (from < to) {
            member.outbox().offer(from == 0 && to == whole.to() ? whole : whole.slice(from, to));
        }
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
