package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.BroadcasterContract.Node;
import dev.fanfare.Gap;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Receipt;
import dev.fanfare.fixtures.Await;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that publish and receive while something fails, and the account afterwards: every message that Redis accepted was
 * delivered to every node exactly once, or lies in a gap of that node, or in a report of its publisher.
 */
final class Storm implements AutoCloseable {

    static final List<String> CHANNELS = List.of("red", "green", "blue");

    /** That of the tests and of the nodes, which may be set. */
    static final SetClock CLOCK = new SetClock();

    private final List<Sender> nodes = new ArrayList<>();
    private final ScheduledExecutorService load = Executors.newScheduledThreadPool(1);
    private int markers;
    private @Nullable Instant frozen;

    /** {@code count} nodes, live, all of which have joined every channel and publish from now on. */
    Storm(int count, IntFunction<RedisBroadcaster> broadcasters, Duration pace) {
        for (int n = 0; n < count; n++) {
            var node = new Sender(n, broadcasters.apply(n));
            nodes.add(node);
            node.broadcaster.start(node);
            CHANNELS.forEach(node::join);
        }
        nodes.forEach(Node::awaitLive);
        nodes.forEach(node -> load.scheduleAtFixedRate(node::send, 0, pace.toNanos(), TimeUnit.NANOSECONDS));
        blow(Duration.ofMillis(200));
    }

    List<Sender> nodes() {
        return nodes;
    }

    /** Lets the load go on for a while. */
    static void blow(Duration time) {
        long start = System.nanoTime();
        Await.until("time passes", time.plusSeconds(20), () -> System.nanoTime() - start > time.toNanos());
    }

    /** The fault is over: waits until everything flows again, then settles the account. */
    void settle() {
        settle(Duration.ofSeconds(20));
    }

    void settle(Duration patience) {
        long start = System.nanoTime();
        awaitFlow(patience);
        System.getLogger(Storm.class.getName())
                .log(System.Logger.Level.INFO, "flows again after {0} ms", (System.nanoTime() - start) / 1_000_000);
        blow(Duration.ofMillis(200));
        load.shutdown();
        try {
            assertTrue(load.awaitTermination(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        nodes.forEach(node -> Await.until("outcomes", () -> node.sent.stream().allMatch(one -> one.outcome.isDone())));
        awaitFlow(Duration.ofSeconds(20));
        nodes.forEach(this::account);
    }

    /** From every node to every node, on every channel, behind everything that was published before. */
    void awaitFlow(Duration patience) {
        var seen = new HashMap<String, String>();
        Await.until("flows again", patience, () -> {
            boolean all = true;
            for (var from : nodes) {
                for (var channel : CHANNELS) {
                    var key = from.number + channel;
                    var marker = seen.get(key);
                    if (marker == null) {
                        marker = "marker " + markers++;
                        seen.put(key, marker);
                        from.publishing(channel, marker);
                    } else if (from.failed(marker)) {
                        seen.remove(key);
                    }
                    var text = marker;
                    all &= nodes.stream().allMatch(to -> to.received(channel, text));
                }
            }
            if (!all) {
                blow(Duration.ofMillis(20));
                seen.entrySet()
                        .removeIf(entry ->
                                nodes.get(entry.getKey().charAt(0) - '0').acked(entry.getValue())
                                        && stale(entry.getKey(), entry.getValue()));
            }
            return all;
        });
    }

    /** Acknowledged and lost on its way to somebody, as a gap will say: another one is sent. */
    private boolean stale(String key, String marker) {
        var channel = key.substring(1);
        return nodes.stream().anyMatch(to -> !to.received(channel, marker));
    }

    private void account(Sender to) {
        for (var from : nodes) {
            for (var one : from.sent) {
                long copies = to.copies(one.channel, one.text);
                assertTrue(
                        copies <= 1 || mayComeTwice(one),
                        () -> one + " came " + copies + " times to node " + to.number);
                if (one.certainlyNot()) {
                    assertEquals(0, copies, () -> one + " failed and came all the same");
                } else if (one.acked() && copies == 0) {
                    assertTrue(
                            to.explains(one) || from.doubts(one),
                            () -> one + " is missing at node " + to.number + ", with " + to.gaps + " and "
                                    + from.reports);
                }
            }
        }
    }

    /**
     * A master of a cluster is frozen now: what it has just accepted, and not sent to its replica yet, it sends when it comes
     * back, also to those who have it already and are with the replica now (docs/not-bugs.md).
     */
    void masterFreezes() {
        frozen = CLOCK.instant();
    }

    private boolean mayComeTwice(Sent one) {
        var moment = frozen;
        return moment != null && one.within(moment.minusMillis(500), moment.plusMillis(500));
    }

    long accepted() {
        return nodes.stream()
                .flatMap(node -> node.sent.stream())
                .filter(Sent::acked)
                .count();
    }

    @Override
    public void close() {
        load.shutdownNow();
        nodes.forEach(node -> node.broadcaster.close());
    }

    /** The clock of the system, and so much more or less. */
    static final class SetClock extends Clock {
        private volatile Duration offset = Duration.ZERO;

        void set(Duration newOffset) {
            offset = newOffset;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(offset);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** One message and what became of it. */
    static final class Sent {
        final String channel;
        final String text;
        final Instant at;
        final CompletableFuture<Receipt> outcome;
        volatile @Nullable Instant until;
        volatile @Nullable Throwable failure;

        Sent(String channel, String text, Instant at, CompletableFuture<Receipt> outcome) {
            this.at = at;
            this.channel = channel;
            this.text = text;
            this.outcome = outcome;
        }

        void settled(@Nullable Throwable cause) {
            failure = cause;
            until = CLOCK.instant();
        }

        boolean acked() {
            return until != null && failure == null;
        }

        boolean certainlyNot() {
            return failure != null && !(failure instanceof BroadcastException.UnknownOutcome);
        }

        boolean within(Instant from, Instant to) {
            var end = until;
            if (end == null) {
                return false;
            }
            boolean back = end.isBefore(at); // the clock was set meanwhile, so it showed anything in between
            return !from.isAfter(back ? at : end) && !to.isBefore(back ? end : at);
        }

        @Override
        public String toString() {
            return text + " on " + channel + " at " + at + " until " + until;
        }
    }

    /** A node that publishes one message at each call. */
    static final class Sender extends Node {

        record Report(String channel, Instant from, Instant to) {}

        final int number;
        final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
        final Queue<Report> reports = new ConcurrentLinkedQueue<>();
        private final ConcurrentMap<String, Integer> received = new ConcurrentHashMap<>();
        private final ConcurrentMap<String, Sent> markers = new ConcurrentHashMap<>();
        private long count;

        Sender(int number, RedisBroadcaster broadcaster) {
            super(broadcaster);
            this.number = number;
        }

        void send() {
            publishing(CHANNELS.get((int) (count % CHANNELS.size())), number + ":" + count++);
        }

        void publishing(String channel, String text) {
            // The moment before, whatever happens to this thread in between.
            var at = CLOCK.instant();
            var one = new Sent(channel, text, at, publish(channel, text));
            one.outcome.whenComplete((receipt, failure) -> one.settled(failure));
            if (text.startsWith("marker")) {
                markers.put(text, one);
            }
            sent.add(one);
        }

        boolean failed(String marker) {
            var one = markers.get(marker);
            return one != null && one.failure != null;
        }

        boolean acked(String marker) {
            var one = markers.get(marker);
            return one != null && one.acked();
        }

        boolean received(String channel, String text) {
            return copies(channel, text) > 0;
        }

        long copies(String channel, String text) {
            return received.getOrDefault(channel + " " + text, 0);
        }

        /** Whether a gap of this node says that the message may be missing here. */
        boolean explains(Sent one) {
            return gaps.stream().anyMatch(gap -> gap.channel().equals(one.channel) && one.within(gap.from(), gap.to()));
        }

        /** Whether this node reported what it published. */
        boolean doubts(Sent one) {
            return reports.stream()
                    .anyMatch(report -> report.channel.equals(one.channel) && one.within(report.from(), report.to()));
        }

        boolean hasGap(Gap.Reason reason) {
            return gaps.stream().anyMatch(gap -> gap.reason() == reason);
        }

        @Override
        public void message(String channel, Message message, @Nullable Position position) {
            if (message instanceof Message.Text text) {
                received.merge(channel + " " + text.text(), 1, Integer::sum);
            }
        }

        @Override
        public void uncertain(String channel, long messages, Instant from, Instant to) {
            reports.add(new Report(channel, from, to));
        }
    }
}
