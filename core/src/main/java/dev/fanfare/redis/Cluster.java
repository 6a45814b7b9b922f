package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster.State;
import dev.fanfare.Gap;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Receipt;
import dev.fanfare.Receiver;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/**
 * A Redis Cluster with sharded Pub/Sub: {@link Connections} to each master that has slots, and every channel at the master
 * that has its slot. {@link ClusterWatch} says who that is; {@link Slot} moves what has to move, {@link ClusterState} says
 * how all of them stand. Thread-safe once started.
 */
final class Cluster implements Carrier {

    private static final Logger LOG = System.getLogger(Cluster.class.getName());

    /** So many names are tried for a canary's channel; a master with one slot needs 16,384 on average. */
    private static final int NAMES = 200_000;

    private final Settings settings;
    private final ChannelHistories histories;
    private final ClusterWatch watch;
    private final Outage outage;
    private final Map<Integer, Slot> slots = new HashMap<>();
    private final AtomicInteger homeless = new AtomicInteger();
    private final AtomicInteger waitingMessages = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread timer = Threads.of("cluster-timer", this::time);
    private @Nullable Receiver receiver;
    private @Nullable ClusterState state;

    /** Guarded by {@link #slots}. */
    private @Nullable SlotMap map;

    private volatile @Nullable BroadcastException unreachable;

    // Of the watch's thread, and of whoever closes after it has ended:
    private final Map<HostAndPort, Shard> shards = new HashMap<>();
    private final List<Shard> replaced = new ArrayList<>();

    Cluster(Settings settings, List<HostAndPort> seeds) {
        this.settings = settings;
        this.histories = new ChannelHistories(settings);
        this.outage = new Outage(settings, LOG);
        this.watch = new ClusterWatch(settings, seeds, this::known, this::unknown, this::settled);
    }

    @Override
    public void start(Receiver receiver) {
        this.receiver = receiver;
        var fresh = new ClusterState(receiver);
        state = fresh;
        fresh.unknown(State.CONNECTING, null);
        watch.start();
        timer.start();
    }

    private ClusterState state() {
        return Objects.requireNonNull(state, "not started");
    }

    @Override
    public CompletableFuture<Receipt> publish(String channel, Message message) {
        long deadline = System.nanoTime() + settings.patience().toNanos();
        var publication = Publication.sharded(channel, settings.wire(channel), Envelope.encode(message), deadline);
        if (stopping.getCount() == 0) {
            publication.outcome.completeExceptionally(
                    new BroadcastException("not published: the broadcaster is closed"));
        } else {
            slotOf(channel).publish(publication);
        }
        return publication.outcome;
    }

    @Override
    public CompletableFuture<Void> subscribe(String channel) {
        return slotOf(channel).subscribe(channel);
    }

    @Override
    public void unsubscribe(String channel) {
        var pending = slotOf(channel).unsubscribe(channel);
        if (pending != null) {
            pending.cancel(false);
        }
    }

    @Override
    public ChannelHistories histories() {
        return histories;
    }

    private Slot slotOf(String channel) {
        int number = slot(channel);
        synchronized (slots) {
            return slots.computeIfAbsent(number, n -> new Slot(n, this, map == null ? null : shard(map.owner(n))));
        }
    }

    int slot(String channel) {
        return settings.slot(channel);
    }

    byte[] wire(String channel) {
        return settings.wire(channel);
    }

    private @Nullable Shard shard(@Nullable HostAndPort address) {
        synchronized (slots) {
            return address == null ? null : shards.get(address);
        }
    }

    // What waits between two masters.

    boolean mayWait(Publication publication) {
        int count = waitingMessages.get();
        if (count > 0
                && (count >= settings.queueMessages()
                        || waitingBytes.get() + publication.bytes() > settings.queueBytes())) {
            return false;
        }
        waits(publication);
        return true;
    }

    void waits(Publication publication) {
        waitingMessages.incrementAndGet();
        waitingBytes.addAndGet(publication.bytes());
    }

    void waitsNoMore(Publication publication) {
        waitingMessages.decrementAndGet();
        waitingBytes.addAndGet(-publication.bytes());
    }

    BroadcastException full() {
        return new BroadcastException.QueueFull("not published: " + waitingMessages.get() + " messages with "
                + waitingBytes.get() + " bytes wait for a master of their slot, the limits are "
                + settings.queueMessages() + " messages and " + settings.queueBytes() + " bytes");
    }

    void homeless() {
        homeless.incrementAndGet();
        watch.hurry(null);
    }

    void housed() {
        homeless.decrementAndGet();
    }

    // What a master tells.

    private void released(Shard from, Subscription subscription) {
        slotOf(subscription.channel).released(from, subscription);
    }

    private boolean redirected(Publication publication, JedisDataException error) {
        if (!Redirection.is(error)) {
            return false;
        }
        watch.hurry(error instanceof JedisMovedDataException moved ? moved.getTargetNode() : null);
        if (publication.channel.isEmpty()) {
            return false;
        }
        slotOf(publication.channel).returned(publication);
        return true;
    }

    // What the watch tells, on its thread.

    private void known(SlotMap fresh) {
        outage.ended();
        unreachable = null;
        var owners = fresh.owners();
        owners.stream().filter(address -> !shards.containsKey(address)).forEach(address -> open(address, fresh));
        List<Runnable> homecoming = new ArrayList<>();
        for (var shard : List.copyOf(shards.values())) {
            var expelled = shard.subscriptions().expel(s -> elsewhere(shard, fresh, s.channel));
            expelled.leaving().forEach(s -> slotOf(s.channel).leaving(s.channel, shard));
            expelled.free().forEach(s -> homecoming.add(() -> released(shard, s)));
        }
        List<Slot> all;
        synchronized (slots) {
            map = fresh;
            slots.forEach((number, slot) -> slot.owner(shard(fresh.owner(number))));
            all = List.copyOf(slots.values());
        }
        for (var shard : List.copyOf(shards.values())) {
            shard.publisher()
                    .withdraw(p -> !p.channel.isEmpty() && elsewhere(shard, fresh, p.channel))
                    .forEach(p -> slotOf(p.channel).returned(p));
            prove(shard, fresh);
        }
        homecoming.forEach(Runnable::run);
        all.forEach(Slot::resume);
        shards.keySet().stream()
                .filter(address -> !owners.contains(address))
                .toList()
                .forEach(this::close);
        settled();
    }

    private boolean elsewhere(Shard shard, SlotMap fresh, String channel) {
        return !shard.address().equals(fresh.owner(slot(channel)));
    }

    private void open(HostAndPort address, SlotMap fresh) {
        var shard = new Shard(address, settings, this::released, this::redirected);
        synchronized (slots) {
            shards.put(address, shard);
        }
        prove(shard, fresh);
        state().joined(shard);
        shard.connections().start(new FromShard(shard));
    }

    /** Gives its canary a channel that this master has. */
    private void prove(Shard shard, SlotMap fresh) {
        var canary = shard.connections().canary();
        var before = canary.channel();
        var own = settings.controlChannel();
        if (before != null
                && !elsewhere(shard, fresh, before.substring(settings.prefix().length()))) {
            return;
        }
        for (int n = 0; n < NAMES; n++) {
            var name = own + n;
            if (!elsewhere(shard, fresh, name)) {
                canary.channel(settings.prefix() + name);
                return;
            }
        }
        // A hash tag in the prefix puts every channel into one slot, and this master has others.
        canary.channel(null);
    }

    private void close(HostAndPort address) {
        Shard shard;
        synchronized (slots) {
            shard = shards.remove(address);
        }
        if (shard != null) {
            state().left(shard);
            shard.connections().replaced();
            replaced.removeIf(before -> before.connections().ended());
            replaced.add(shard);
        }
    }

    private void unknown(Diagnosis diagnosis) {
        if (!shards.isEmpty()) {
            return; // they say themselves how they stand
        }
        var cause = outage.failed(diagnosis);
        unreachable = cause;
        state().unknown(State.DOWN, cause);
        state().unknown(State.BACKOFF, cause);
    }

    private boolean settled() {
        state().housed(homeless.get() == 0);
        return state().settled();
    }

    private void time() {
        try {
            while (!stopping.await(settings.tick().toNanos(), TimeUnit.NANOSECONDS)) {
                if (waitingMessages.get() > 0) {
                    expire(System.nanoTime(), late());
                }
            }
        } catch (InterruptedException e) {
            System.getLogger(Cluster.class.getName()).log(Logger.Level.ERROR, "interrupted; messages wait for ever", e);
        }
    }

    private BroadcastException late() {
        var text = "not published within " + settings.patience().toMillis() + " ms and given up: ";
        var cause = unreachable;
        if (cause == null) {
            return new BroadcastException(text + "no master of Redis at " + settings.address() + " has its slot");
        }
        return cause instanceof BroadcastException.Misconfigured
                ? new BroadcastException.Misconfigured(text + cause.getMessage(), cause)
                : new BroadcastException(text + cause.getMessage(), cause);
    }

    private void expire(long now, BroadcastException failure) {
        List<Slot> all;
        synchronized (slots) {
            all = List.copyOf(slots.values());
        }
        all.forEach(slot -> slot.expire(now, failure));
    }

    @Override
    public void close(Duration drain) {
        long end = System.nanoTime() + drain.toNanos();
        List<Shard> current;
        synchronized (slots) {
            current = List.copyOf(shards.values());
        }
        for (var shard : current) {
            shard.publisher().drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        stopping.countDown();
        watch.stop();
        watch.join();
        expire(
                System.nanoTime() + TimeUnit.DAYS.toNanos(365),
                new BroadcastException("not published: the broadcaster was closed before it could be written"));
        List<Slot> all;
        synchronized (slots) {
            all = List.copyOf(slots.values());
            current = List.copyOf(shards.values());
        }
        all.forEach(slot -> slot.close().forEach(future -> future.cancel(false)));
        current.forEach(shard -> shard.connections().stop());
        current.forEach(shard -> shard.connections().join());
        replaced.forEach(shard -> shard.connections().join());
        Threads.join(timer);
        state().closed();
    }

    /** Passes on what one master says. */
    private final class FromShard implements Receiver {
        private final Shard shard;
        private final Receiver to = Objects.requireNonNull(receiver);

        FromShard(Shard shard) {
            this.shard = shard;
        }

        @Override
        public void message(String channel, Message message, @Nullable Position position) {
            to.message(channel, message, position);
        }

        @Override
        public void gap(Gap gap) {
            to.gap(gap);
        }

        @Override
        public void uncertain(String channel, long messages, Instant from, Instant until) {
            to.uncertain(channel, messages, from, until);
        }

        @Override
        public void unreadable(String channel, String reason) {
            to.unreadable(channel, reason);
        }

        @Override
        public void state(State next, @Nullable BroadcastException cause) {
            Cluster.this.state().of(shard, next, cause);
            if (cause != null) {
                watch.hurry(null);
            }
        }
    }
}
