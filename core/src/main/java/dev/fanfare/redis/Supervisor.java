package dev.fanfare.redis;

import dev.fanfare.Gap;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Looks after both connections on the timer's thread: deadlines, silence, the canary, and with Sentinels whether they
 * still lead to the master. What fails that ends both, because neither can be trusted then.
 */
final class Supervisor {

    private final Settings settings;
    private final RedisSubscriber subscriber;
    private final RedisPublisher publisher;
    private final Canary canary;
    private final ChannelHistories histories;
    private final @Nullable MasterWatch masters;
    private final AtomicReference<@Nullable HostAndPort> known = new AtomicReference<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread timer = Threads.of("timer", this::run);

    Supervisor(
            Settings settings,
            RedisSubscriber subscriber,
            RedisPublisher publisher,
            Canary canary,
            ChannelHistories histories) {
        this.settings = settings;
        this.subscriber = subscriber;
        this.publisher = publisher;
        this.canary = canary;
        this.histories = histories;
        this.masters = settings.topology() instanceof Sentinels sentinels
                ? new MasterWatch(sentinels, settings, this::master)
                : null;
    }

    void start() {
        timer.start();
        if (masters != null) {
            masters.start();
        }
    }

    /** Does not wait for its threads, except for those that ask Sentinels. */
    void stop() {
        stopping.countDown();
        if (masters != null) {
            masters.close();
        }
    }

    void join() {
        Threads.join(timer);
    }

    private void run() {
        long nanos = settings.tick().toNanos();
        try {
            while (!stopping.await(nanos, TimeUnit.NANOSECONDS)) {
                watch(System.nanoTime());
            }
        } catch (InterruptedException e) {
            System.getLogger(Supervisor.class.getName())
                    .log(Level.ERROR, "interrupted; stuck connections go unnoticed", e);
        }
    }

    private void watch(long now) {
        publisher.watch(now);
        subscriber.watch(now);
        if (canary.missing(now)) {
            giveUp(
                    () -> new GivenUp(
                            Diagnosis.Kind.ENDED,
                            Gap.Reason.DEAF,
                            "Redis took a message of this node for itself and did not deliver it",
                            ""),
                    null);
        }
        var mark = publisher.connected() ? canary.due(now) : null;
        if (mark != null) {
            publisher.prove(mark);
        }
    }

    /** The publisher's server says that it is a master no longer; the subscriber is connected to the same. */
    void demoted() {
        giveUp(Role::noMaster, null);
    }

    private void master(HostAndPort master) {
        if (!master.equals(known.getAndSet(master))) {
            subscriber.hurry();
            publisher.hurry();
            histories.hurry();
        }
        giveUp(
                () -> GivenUp.failover("the Sentinels name another server as the master, " + Topology.show(master)),
                master);
    }

    /** Ends what does not lead to {@code except}. */
    private void giveUp(Supplier<GivenUp> why, @Nullable HostAndPort except) {
        subscriber.giveUp(why.get(), except);
        publisher.giveUp(why.get(), except);
        histories.giveUp(why.get(), except);
    }
}
