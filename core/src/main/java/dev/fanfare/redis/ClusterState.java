package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster.State;
import dev.fanfare.Receiver;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How all masters of a cluster together stand: live when each is, and every channel has one. Thread-safe; tells the
 * receiver under its lock, which nobody else takes.
 */
final class ClusterState {

    private final Receiver receiver;

    @GuardedBy("this")
    private final Set<Shard> shards = new HashSet<>();

    @GuardedBy("this")
    private final Set<Shard> live = new HashSet<>();

    @GuardedBy("this")
    private boolean housed = true;

    @GuardedBy("this")
    private State last = State.CLOSED;

    ClusterState(Receiver receiver) {
        this.receiver = receiver;
    }

    synchronized void joined(Shard shard) {
        shards.add(shard);
    }

    synchronized void left(Shard shard) {
        shards.remove(shard);
        live.remove(shard);
        evaluate();
    }

    /** {@code shard} says how it stands. */
    synchronized void of(Shard shard, State state, @Nullable BroadcastException cause) {
        if (!shards.contains(shard) || state == State.CLOSED) {
            return;
        }
        if (state == State.LIVE) {
            live.add(shard);
            evaluate();
        } else {
            live.remove(shard);
            tell(state, cause);
        }
    }

    /** Nobody says who has what. */
    synchronized void unknown(State state, @Nullable BroadcastException cause) {
        tell(state, cause);
    }

    /** Whether every channel has a master. */
    synchronized void housed(boolean all) {
        housed = all;
        if (!all && last == State.LIVE) {
            tell(State.SUBSCRIBING, null);
        }
        evaluate();
    }

    synchronized boolean settled() {
        return housed && !shards.isEmpty() && live.containsAll(shards);
    }

    synchronized void closed() {
        shards.clear();
        tell(State.CLOSED, null);
    }

    @GuardedBy("this")
    private void evaluate() {
        if (settled() && last != State.LIVE) {
            tell(State.LIVE, null);
        }
    }

    @GuardedBy("this")
    private void tell(State state, @Nullable BroadcastException cause) {
        if (state != last || cause != null) {
            last = state;
            receiver.state(state, cause);
        }
    }
}
