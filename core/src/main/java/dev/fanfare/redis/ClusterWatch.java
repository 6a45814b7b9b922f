package dev.fanfare.redis;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Asks the servers of a cluster who has which slot: in each interval of the PINGs, at once when something shows that it
 * changed, and again and again until everything has its place.
 */
final class ClusterWatch {

    private static final Logger LOG = System.getLogger(ClusterWatch.class.getName());

    private final Settings settings;
    private final List<HostAndPort> seeds;
    private final Consumer<SlotMap> told;
    private final Consumer<Diagnosis> failed;
    private final BooleanSupplier settled;
    private final Thread thread = Threads.of("cluster", this::run);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private boolean requested = true;

    @GuardedBy("lock")
    private @Nullable HostAndPort hint;

    @GuardedBy("lock")
    private boolean stopped;

    private volatile @Nullable RedisLink asking;

    // Of the thread alone:
    private @Nullable SlotMap known;
    private @Nullable HostAndPort answered;

    /** {@code settled} says whether there is time; all of them are called on the thread of this watch. */
    ClusterWatch(
            Settings settings,
            List<HostAndPort> seeds,
            Consumer<SlotMap> told,
            Consumer<Diagnosis> failed,
            BooleanSupplier settled) {
        this.settings = settings;
        this.seeds = seeds;
        this.told = told;
        this.failed = failed;
        this.settled = settled;
    }

    void start() {
        thread.start();
    }

    /** Something shows that the cluster has changed; {@code knows} may know how. */
    void hurry(@Nullable HostAndPort knows) {
        lock.lock();
        try {
            requested = true;
            if (knows != null) {
                hint = knows;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        var current = asking;
        if (current != null) {
            current.abort();
        }
    }

    void join() {
        Threads.join(thread);
    }

    private void run() {
        var backoff = new Backoff(settings);
        try {
            while (await(settings.pingInterval(), true)) {
                var diagnosis = refresh();
                if (diagnosis == null && settled.getAsBoolean()) {
                    backoff = new Backoff(settings);
                    continue;
                }
                hurry(null);
                var why = diagnosis == null ? Diagnosis.of(new IOException("unsettled")) : diagnosis;
                if (!await(backoff.next(Duration.ZERO, why), false)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "interrupted; changes of the cluster go unnoticed", e);
        }
    }

    /** Returns false when stopped. */
    private boolean await(Duration time, boolean unlessRequested) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!stopped && left > 0 && !(unlessRequested && requested)) {
                left = changed.awaitNanos(left);
            }
            if (unlessRequested) {
                requested = false;
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** Asks one after the other until one answers; returns why none did, or null. */
    private @Nullable Diagnosis refresh() {
        Diagnosis failure = null;
        for (var address : candidates()) {
            SlotMap map;
            try {
                map = ask(address);
            } catch (RuntimeException | IOException e) {
                LOG.log(Level.DEBUG, "{0}: {1}", address, e.getMessage());
                failure = Diagnosis.of(e);
                continue;
            }
            known = map;
            answered = address;
            try {
                told.accept(map);
            } catch (RuntimeException e) {
                // Whatever it was: a watch that died would leave everything where it is for ever.
                LOG.log(Level.ERROR, "what is known of the cluster could not be taken over", e);
                return Diagnosis.of(e);
            }
            return null;
        }
        var diagnosis = failure == null ? Diagnosis.of(new IOException("nobody to ask")) : failure;
        failed.accept(diagnosis);
        return diagnosis;
    }

    private Set<HostAndPort> candidates() {
        Set<HostAndPort> candidates = new LinkedHashSet<>();
        lock.lock();
        try {
            if (hint != null) {
                candidates.add(hint);
                hint = null;
            }
        } finally {
            lock.unlock();
        }
        // Not always the same: one that is cut off does not say so.
        var before = answered;
        var known = this.known;
        if (known != null) {
            var others = List.copyOf(known.owners());
            int next = before == null ? 0 : others.indexOf(before) + 1;
            for (int n = 0; n < others.size(); n++) {
                candidates.add(others.get((next + n) % others.size()));
            }
        }
        candidates.addAll(seeds);
        return candidates;
    }

    private SlotMap ask(HostAndPort address) throws IOException {
        var link = new RedisLink(settings.client(), new Topology.OneServer(address));
        asking = link;
        try {
            if (stopped()) {
                throw new IOException("closed");
            }
            link.open();
            link.readTimeout(Math.toIntExact(settings.replyTimeout().toMillis()));
            if (link.call("CLUSTER", "NODES") instanceof byte[] nodes) {
                return SlotMap.read(new String(nodes, StandardCharsets.UTF_8), address, settings.tls(), known);
            }
            throw new IOException("no answer to CLUSTER NODES");
        } finally {
            link.abort();
            asking = null;
        }
    }

    private boolean stopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }
}
