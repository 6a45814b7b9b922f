package dev.fanfare;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** That a session joined a channel, and with whom it gets which bytes. Belongs to the thread of the session's lane. */
final class Membership {

    private final Member member;
    private final Outbox outbox;
    private final Audience audience;
    private List<CompletableFuture<@Nullable Void>> pending = List.of();

    /** Where it stands among the members of {@link LaneChannel}. */
    int index;

    /** So many of the messages that wait for the channel's next run came before it joined. */
    int skip;

    /** Whether it is not level with the others yet. */
    @Nullable
    CatchUp catchUp;

    Membership(Member member, Audience audience) {
        this.member = member;
        this.outbox = member.outbox();
        this.audience = audience;
    }

    Member member() {
        return member;
    }

    Outbox outbox() {
        return outbox;
    }

    Audience audience() {
        return audience;
    }

    NodeChannel channel() {
        return audience.channel();
    }

    boolean isPending() {
        return !pending.isEmpty();
    }

    /** The joins that wait for the subscription to be confirmed. */
    List<CompletableFuture<@Nullable Void>> pending() {
        if (pending.isEmpty()) {
            pending = new ArrayList<>(1);
        }
        return pending;
    }

    /** Takes the joins that wait. */
    List<CompletableFuture<@Nullable Void>> takePending() {
        var taken = pending;
        pending = List.of();
        return taken;
    }
}
