package dev.fanfare.redis;

import dev.fanfare.redis.Command.Kind;
import dev.fanfare.redis.Subscription.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What is to be written to the current connection, and when. Guarded by the lock of the {@link Subscriptions} that has
 * it.
 */
final class Agenda {

    /** One SUBSCRIBE of 500 channels keeps Redis busy for 0.6 ms (measured, Redis 7.0). */
    static final int BATCH = 500;

    private final Settings settings;

    private final LinkedHashSet<Subscription> toSubscribe = new LinkedHashSet<>();

    /** In the order in which their time ends: all linger equally long. */
    private final LinkedHashSet<Subscription> lingering = new LinkedHashSet<>();

    /** To be left at once. */
    private final LinkedHashSet<Subscription> expelled = new LinkedHashSet<>();

    /** Confirmed once and then refused on a new connection: tried again with every PING. */
    private final LinkedHashSet<Subscription> refused = new LinkedHashSet<>();

    private long nextPing;

    Agenda(Settings settings) {
        this.settings = settings;
    }

    void begin(Collection<Subscription> all, long now) {
        nextPing = now + settings.pingInterval().toNanos();
        toSubscribe.addAll(all);
    }

    void clear() {
        toSubscribe.clear();
        lingering.clear();
        refused.clear();
        expelled.clear();
    }

    void join(Subscription s) {
        s.phase = Phase.WANTED;
        refused.remove(s);
        toSubscribe.add(s);
    }

    void linger(Subscription s, long now) {
        s.phase = Phase.LINGERING;
        s.lingerUntil = now + settings.linger().toNanos();
        lingering.add(s);
    }

    void expel(Subscription s) {
        remove(s);
        s.phase = Phase.LEAVING;
        expelled.add(s);
    }

    void retryLater(Subscription s) {
        s.phase = Phase.WANTED;
        refused.add(s);
    }

    void remove(Subscription s) {
        toSubscribe.remove(s);
        lingering.remove(s);
        refused.remove(s);
        expelled.remove(s);
    }

    /** When {@link #due} has something to do although nothing changes. */
    long next() {
        if (lingering.isEmpty()) {
            return nextPing;
        }
        long leave = lingering.iterator().next().lingerUntil;
        return leave - nextPing < 0 ? leave : nextPing;
    }

    /** The commands whose time has come, in the order in which they must be written. */
    List<Command> due(long now) {
        List<Command> commands = new ArrayList<>();
        leave(now, commands);
        join(now, commands);
        if (nextPing - now <= 0) {
            nextPing = now + settings.pingInterval().toNanos();
            toSubscribe.addAll(refused);
            refused.clear();
            commands.add(new Command(Kind.PING, List.of(), now));
        }
        return commands;
    }

    private void leave(long now, List<Command> commands) {
        List<Subscription> over = new ArrayList<>(expelled);
        expelled.clear();
        for (var it = lingering.iterator(); it.hasNext() && over.size() < BATCH; ) {
            var s = it.next();
            if (s.lingerUntil - now > 0) {
                break;
            }
            it.remove();
            s.phase = Phase.LEAVING;
            over.add(s);
        }
        add(Kind.UNSUBSCRIBE, over, now, commands);
    }

    private void join(long now, List<Command> commands) {
        List<Subscription> together = new ArrayList<>();
        int count = 0;
        for (var it = toSubscribe.iterator(); it.hasNext() && count < BATCH; count++) {
            var s = it.next();
            it.remove();
            s.phase = Phase.SENT;
            s.wanted = true;
            if (s.alone) {
                add(Kind.SUBSCRIBE, List.of(s), now, commands);
            } else {
                together.add(s);
            }
        }
        add(Kind.SUBSCRIBE, together, now, commands);
    }

    private void add(Kind kind, List<Subscription> subscriptions, long now, List<Command> commands) {
        if (subscriptions.size() > 1 && settings.sharded()) {
            // Channels of different slots may not be in one command.
            subscriptions.forEach(s -> add(kind, List.of(s), now, commands));
        } else if (!subscriptions.isEmpty()) {
            var command = new Command(kind, subscriptions, now);
            subscriptions.forEach(s -> s.command = command);
            commands.add(command);
        }
    }
}
