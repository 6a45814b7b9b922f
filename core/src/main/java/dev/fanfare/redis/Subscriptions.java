package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.redis.Command.Kind;
import dev.fanfare.redis.Subscription.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which channels are wanted, which is the truth, and what the current connection knows about them, which is derived and
 * forgotten with the connection.
 *
 * <h2>Threads</h2>
 *
 * <p>Callers change what is wanted, under the lock, and return at once. The <em>writer</em> takes the commands that
 * follow from it ({@link #take}) and writes them; it is the only one that writes, so the order in which commands are
 * taken is their order on the wire. The <em>reader</em> hands every answer in ({@link #confirmed}, {@link #refused}) and
 * gets back what is to be told to the outside, which it does without the lock. Nothing here blocks but {@link #take},
 * and nothing here does I/O.
 *
 * <h2>Why no answer can be mistaken for another</h2>
 *
 * <p>Redis answers commands in their order: SUBSCRIBE and UNSUBSCRIBE once for each channel, or once with an error for
 * the whole command; PING once. {@link #unanswered} has the commands in that order, so each answer belongs to the first
 * of them. A subscription remembers its newest command, and only the answer to that one changes its phase: however fast a
 * channel is left and joined again, the confirmation of the old SUBSCRIBE is not taken for one of the new.
 *
 * <h2>One refused channel among many</h2>
 *
 * <p>Redis refuses a whole SUBSCRIBE for one forbidden channel and does not say which. Every channel of such a command is
 * tried again alone; the one that is refused alone is refused, everything else is unharmed.
 */
class Subscriptions {

    final Settings settings;
    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();

    /** By name in Redis. Changed under the lock only; the reader looks up without it. */
    final ConcurrentMap<String, Subscription> table = new ConcurrentHashMap<>();

    @GuardedBy("lock")
    final Agenda agenda;

    @GuardedBy("lock")
    final ArrayDeque<Command> unanswered = new ArrayDeque<>();

    @GuardedBy("lock")
    @Nullable
    RedisLink link;

    @GuardedBy("lock")
    private int awaited;

    private long pingNanos;

    @GuardedBy("lock")
    private boolean closed;

    Subscriptions(Settings settings) {
        this.settings = settings;
        this.agenda = new Agenda(settings);
    }

    /** The subscription of a message's channel, or null if nobody wants its messages. Without the lock. */
    @Nullable
    Subscription find(String wireName) {
        return table.get(wireName);
    }

    CompletableFuture<Void> subscribe(String channel) {
        lock.lock();
        try {
            if (closed) {
                var cancelled = new CompletableFuture<Void>();
                cancelled.cancel(false);
                return cancelled;
            }
            var s = table.computeIfAbsent(
                    settings.prefix() + channel, n -> new Subscription(channel, settings.wire(channel)));
            s.wanted = true;
            if (s.phase == Phase.LINGERING) {
                agenda.remove(s);
                s.phase = Phase.ACKED;
                s.told = true;
            }
            if (s.phase == Phase.ACKED) {
                return CompletableFuture.completedFuture(null);
            }
            if ((s.phase == Phase.LEAVING && !s.moved) || s.phase == Phase.WANTED) {
                s.phase = Phase.WANTED;
                agenda.join(s);
                changed.signal();
            }
            if (s.confirmation == null) {
                s.confirmation = new CompletableFuture<>();
            }
            return s.confirmation;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the future to cancel, without the lock. */
    @Nullable
    CompletableFuture<Void> unsubscribe(String channel) {
        lock.lock();
        try {
            var s = table.get(settings.prefix() + channel);
            if (s == null) {
                return null;
            }
            s.loss = null;
            s.wanted = false;
            s.told = false;
            switch (s.phase) {
                case WANTED -> forget(s);
                case ACKED -> {
                    agenda.linger(s, System.nanoTime());
                    changed.signal();
                }
                case SENT, LINGERING, LEAVING -> {}
            }
            var future = s.confirmation;
            s.confirmation = null;
            return future;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    final void forget(Subscription s) {
        table.remove(settings.prefix() + s.channel, s);
        agenda.remove(s);
        settled(s);
    }

    /** A fresh connection: everything that is wanted is to be subscribed on it. */
    void connected(RedisLink fresh) {
        lock.lock();
        try {
            link = fresh;
            agenda.begin(table.values(), System.nanoTime());
            table.values().forEach(s -> s.awaited = true);
            awaited = table.size();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The connection has ended, and messages are lost as {@code loss} says; returns what has no place here any more. */
    List<Subscription> disconnected(Loss loss) {
        lock.lock();
        try {
            link = null;
            unanswered.clear();
            agenda.clear();
            awaited = 0;
            table.values().removeIf(s -> !survives(s, loss));
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    final boolean survives(Subscription s, Loss loss) {
        lost(s, loss);
        s.phase = Phase.WANTED;
        s.command = null;
        s.alone = false;
        s.awaited = false;
        return s.wanted;
    }

    /** Who was told that messages come is told that some may be missing. */
    @GuardedBy("lock")
    static void lost(Subscription s, Loss loss) {
        if (s.told) {
            s.told = false;
            s.loss = loss;
        }
    }

    /**
     * Waits until there is something to write on the current connection.
     *
     * @return the connection, and the commands in the order in which they must be written to it; null when closed
     */
    @Nullable
    Batch take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                var current = link;
                if (current == null) {
                    changed.await();
                    continue;
                }
                long now = System.nanoTime();
                var commands = agenda.due(now);
                if (!commands.isEmpty()) {
                    unanswered.addAll(commands);
                    return new Batch(current, commands);
                }
                changed.awaitNanos(Math.max(1, agenda.next() - now));
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Redis has answered the next channel of the oldest command, or its PING.
     *
     * @return what to tell, or null
     * @throws BroadcastException if that is not what was asked: the stream cannot be trusted any more
     */
    @Nullable
    Answer confirmed(Kind kind, @Nullable String wireName) {
        lock.lock();
        try {
            var command = unanswered.peek();
            if (command == null || command.kind != kind) {
                throw new BroadcastException("Redis confirmed a " + kind + " that was not asked for");
            }
            if (kind == Kind.PING) {
                unanswered.remove();
                pingNanos = command.writtenNanos;
                return null;
            }
            var s = command.subscriptions.get(command.answered++);
            if (command.answered == command.subscriptions.size()) {
                unanswered.remove();
            }
            if (!(settings.prefix() + s.channel).equals(wireName)) {
                throw new BroadcastException("Redis confirmed a " + kind + " for another channel than was asked for");
            }
            return s.command == command ? settle(s, kind) : null;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    @Nullable
    Answer settle(Subscription s, Kind kind) {
        s.command = null;
        if (s.phase == Phase.LEAVING && kind == Kind.UNSUBSCRIBE) {
            forget(s);
            return null;
        }
        if (s.phase != Phase.SENT) {
            return null;
        }
        settled(s);
        s.alone = false;
        var answer = new Answer(s, s.loss, s.confirmation, false);
        s.loss = null;
        s.confirmation = null;
        s.told = s.wanted;
        if (s.wanted) {
            s.phase = Phase.ACKED;
        } else {
            agenda.linger(s, System.nanoTime());
            changed.signal();
        }
        return answer;
    }

    @GuardedBy("lock")
    final void settled(Subscription s) {
        if (s.awaited) {
            s.awaited = false;
            awaited--;
        }
    }

    /**
     * Redis has answered the oldest command with an error.
     *
     * @return whose future is to fail, or null
     * @throws BroadcastException if no command was waiting for an answer
     */
    @Nullable
    Answer refused() {
        lock.lock();
        try {
            var command = unanswered.poll();
            if (command == null) {
                throw new BroadcastException("Redis sent an error that answers no command");
            }
            if (command.kind != Kind.SUBSCRIBE) {
                // A refused PING is an answer all the same, and a refused UNSUBSCRIBE costs unwanted messages only.
                pingNanos = command.writtenNanos;
                command.subscriptions.forEach(s -> abandon(s, command));
                return null;
            }
            if (command.subscriptions.size() > 1) {
                command.subscriptions.forEach(s -> retryAlone(s, command));
                changed.signal();
                return null;
            }
            var s = command.subscriptions.get(0);
            return s.command == command ? refuse(s) : null;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void abandon(Subscription s, Command command) {
        if (s.command == command) {
            forget(s);
        }
    }

    @GuardedBy("lock")
    private void retryAlone(Subscription s, Command command) {
        if (s.command != command) {
            return;
        }
        if (s.wanted) {
            s.alone = true;
            s.phase = Phase.WANTED;
            agenda.join(s);
        } else {
            forget(s);
        }
    }

    @GuardedBy("lock")
    private Answer refuse(Subscription s) {
        var answer = new Answer(s, s.loss, s.confirmation, false);
        s.confirmation = null;
        if (s.loss == null) {
            forget(s);
        } else {
            settled(s);
            s.phase = Phase.WANTED;
            agenda.retryLater(s);
        }
        return answer;
    }

    /** Whether everything that was wanted when the connection began is confirmed on it, or refused for good. */
    boolean settled() {
        lock.lock();
        try {
            return link != null && awaited == 0;
        } finally {
            lock.unlock();
        }
    }

    /** When the PING was written that was answered last. For the reader, which alone changes it. */
    long pingNanos() {
        return pingNanos;
    }

    /** For how long the oldest unanswered command has been waiting. */
    long silentNanos(long now) {
        lock.lock();
        try {
            var oldest = unanswered.peek();
            return oldest == null ? 0 : now - oldest.writtenNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the futures to cancel, without the lock. */
    List<CompletableFuture<Void>> close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            List<CompletableFuture<Void>> futures = new ArrayList<>();
            for (var s : table.values()) {
                if (s.confirmation != null && !s.moved) {
                    futures.add(s.confirmation);
                    s.confirmation = null;
                }
            }
            return futures;
        } finally {
            lock.unlock();
        }
    }
}
