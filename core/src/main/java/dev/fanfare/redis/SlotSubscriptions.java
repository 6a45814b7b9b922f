package dev.fanfare.redis;

import dev.fanfare.redis.Command.Kind;
import dev.fanfare.redis.Subscription.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one server of a cluster, each of which may have to go to another.
 *
 * <p>It leaves this server first: its SUNSUBSCRIBE is answered, or Redis has pushed it out, or the connection has ended.
 * Only then is it <em>released</em>, and whoever has its slot may {@linkplain #adopt adopt} it. So messages may be missing in
 * between, and none comes twice.
 *
 * <p>Every command has one channel. Redis answers one about a slot that it does not have with an error, also a
 * SUNSUBSCRIBE; if it pushed the channel out before, that looks like the answer, and the error belongs to nothing any more.
 * The slot in it says so.
 */
final class SlotSubscriptions extends Subscriptions {

    /** What goes at once, and what goes as soon as Redis has let it. */
    record Expelled(List<Subscription> free, List<Subscription> leaving) {}

    SlotSubscriptions(Settings settings) {
        super(settings);
    }

    /** Those that {@code elsewhere} accepts have no place here any more. */
    Expelled expel(Predicate<Subscription> elsewhere) {
        lock.lock();
        try {
            List<Subscription> free = new ArrayList<>();
            List<Subscription> leaving = new ArrayList<>();
            for (var s : List.copyOf(table.values())) {
                if (!s.moved && elsewhere.test(s)) {
                    (expel(s) ? free : leaving).add(s);
                }
            }
            changed.signal();
            return new Expelled(free, leaving);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean expel(Subscription s) {
        if (s.phase == Phase.WANTED && s.command == null) {
            release(s);
            return true;
        }
        s.moved = true;
        switch (s.phase) {
            case ACKED, LINGERING -> agenda.expel(s);
            case WANTED -> {
                // Left, wanted again, and the leaving not answered yet.
                agenda.remove(s);
                s.phase = Phase.LEAVING;
            }
            case SENT, LEAVING -> {}
        }
        return false;
    }

    @GuardedBy("lock")
    private Answer release(Subscription s) {
        forget(s);
        s.command = null;
        s.phase = Phase.WANTED;
        s.moved = false;
        return Answer.released(s);
    }

    /** Takes over what another server has let go. */
    void adopt(Subscription s) {
        lock.lock();
        try {
            var present = table.putIfAbsent(settings.prefix() + s.channel, s);
            if (present == null) {
                agenda.join(s);
                changed.signal();
                return;
            }
            if (present.loss == null && !present.told) {
                present.loss = s.loss;
            }
            var waiting = s.confirmation;
            if (waiting != null) {
                subscribe(s.channel).whenComplete((done, failure) -> follow(waiting, failure));
            }
        } finally {
            lock.unlock();
        }
    }

    private static void follow(CompletableFuture<Void> waiting, @Nullable Throwable failure) {
        if (failure == null) {
            waiting.complete(null);
        } else {
            waiting.completeExceptionally(failure);
        }
    }

    /** As {@link #subscribe}, if the channel is just leaving; else null. */
    @Nullable
    CompletableFuture<Void> subscribeLeaving(String channel) {
        lock.lock();
        try {
            var s = table.get(settings.prefix() + channel);
            return s == null || !s.moved ? null : subscribe(channel);
        } finally {
            lock.unlock();
        }
    }

    boolean empty() {
        return table.isEmpty();
    }

    /** Redis says that a channel is left, whether or not it was asked; messages are lost as {@code loss} says. */
    @Nullable
    Answer left(String wireName, Loss loss) {
        lock.lock();
        try {
            var oldest = unanswered.peek();
            var s = table.get(wireName);
            boolean asked = oldest != null
                    && oldest.kind == Kind.UNSUBSCRIBE
                    && (settings.prefix() + oldest.subscriptions.get(0).channel).equals(wireName);
            if (s != null && s.phase != Phase.SENT) {
                lost(s, loss);
            }
            return asked ? confirmed(Kind.UNSUBSCRIBE, wireName) : s == null ? null : pushed(s);
        } finally {
            lock.unlock();
        }
    }

    /** Redis has pushed it out; what was asked about it since then is answered by errors. */
    @GuardedBy("lock")
    private @Nullable Answer pushed(Subscription s) {
        return s.phase == Phase.SENT || s.phase == Phase.WANTED ? null : release(s);
    }

    @Override
    @GuardedBy("lock")
    @Nullable
    Answer settle(Subscription s, Kind kind) {
        if (!s.moved) {
            return super.settle(s, kind);
        }
        s.command = null;
        if (kind == Kind.UNSUBSCRIBE) {
            return release(s);
        }
        agenda.expel(s);
        changed.signal();
        return null;
    }

    /** The oldest command, if it is about {@code slot}, is answered by an error: another server has the slot, or nobody. */
    @Nullable
    Answer redirected(int slot, Loss loss) {
        lock.lock();
        try {
            var command = unanswered.peek();
            if (command == null || command.kind == Kind.PING) {
                return null;
            }
            var s = command.subscriptions.get(0);
            if (slot >= 0 && slot != settings.slot(s.channel)) {
                return null;
            }
            unanswered.remove();
            if (s.command != command) {
                return null;
            }
            lost(s, loss);
            return release(s);
        } finally {
            lock.unlock();
        }
    }

    @Override
    List<Subscription> disconnected(Loss loss) {
        lock.lock();
        try {
            List<Subscription> moved =
                    table.values().stream().filter(s -> s.moved).toList();
            for (var s : moved) {
                lost(s, loss);
                release(s);
            }
            super.disconnected(loss);
            return moved;
        } finally {
            lock.unlock();
        }
    }
}
