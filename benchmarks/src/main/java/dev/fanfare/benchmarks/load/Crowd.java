package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;

/** The sessions of one turn, all on one selector and the caller's thread, which every method but the constructor keeps busy. */
final class Crowd implements AutoCloseable {

    private static final int OPENING_AT_ONCE = 100;
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long ARRIVE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int BETWEEN_TICKS = 32;

    private final Traffic traffic;
    private final Selector selector;
    private final Ledger ledger = new Ledger();
    private final List<Connection> connections = new ArrayList<>();
    private final List<Connection> reconnecting = new ArrayList<>();
    private final Publishing publishing;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private int opening;
    private long ended;
    private int handled;
    private long reconnectAt;
    private int reconnectNext;

    Crowd(List<Integer> ports, Traffic traffic) throws IOException {
        this.traffic = traffic;
        this.selector = Selector.open();
        int nodes = ports.size();
        var publishers = new Connection[traffic.publishersInAll()];
        for (int i = 0; i < traffic.connections(); i++) {
            int node = i % nodes;
            int room = i / nodes % traffic.channels();
            var kind = kind(i);
            var connection = new Connection(this, kind, ports.get(node), room, traffic.publishers());
            connections.add(connection);
            // The first members of each channel publish, those of the next channel on the next node.
            int place = i / (nodes * traffic.channels()) * nodes + (node + room) % nodes;
            if (kind == Connection.Kind.COUNTED) {
                ledger.absent();
                if (place < traffic.publishers()) {
                    publishers[room * traffic.publishers() + place] = connection;
                }
            } else if (kind == Connection.Kind.RECONNECTS) {
                reconnecting.add(connection);
            }
        }
        this.publishing = new Publishing(traffic, publishers);
    }

    private Connection.Kind kind(int index) {
        if (index < traffic.sessions()) {
            return Connection.Kind.COUNTED;
        }
        return index < traffic.sessions() + traffic.slow() ? Connection.Kind.NEVER_READS : Connection.Kind.RECONNECTS;
    }

    /**
     * Opens all sessions, and waits until each has received something.
     *
     * @throws IllegalStateException if some do not open or receive in time
     */
    void open() throws IOException {
        long deadline = System.nanoTime() + OPEN_NANOS;
        for (var connection : connections) {
            work(deadline, () -> opening < OPENING_AT_ONCE);
            opening++;
            connection.open(selector);
        }
        work(deadline, () -> opening == 0);
        if (opening > 0 || ended > 0) {
            throw new IllegalStateException((opening + ended) + " of " + connections.size() + " sessions did not open");
        }
        long probeUntil = System.nanoTime() + ARRIVE_NANOS;
        while (ledger.absentSessions() > 0 && System.nanoTime() < probeUntil) {
            publishing.probe(System.nanoTime());
            work(System.nanoTime() + PROBE_NANOS, () -> ledger.absentSessions() == 0);
        }
        if (ledger.absentSessions() > 0) {
            throw new IllegalStateException(ledger.absentSessions() + " sessions receive nothing");
        }
    }

    /** Publishes and receives for so long. */
    void run(double seconds) throws IOException {
        if (seconds > 0) {
            work(System.nanoTime() + (long) (seconds * 1e9), () -> false);
        }
    }

    void startPublishing() {
        publishing.start(System.nanoTime());
    }

    void stopPublishing() {
        publishing.stop();
    }

    /** How many messages its first publisher has sent. */
    long sent() {
        return publishing.sent(0);
    }

    /** Receives until the condition holds. */
    void listen(BooleanSupplier enough) throws IOException {
        work(System.nanoTime() + TimeUnit.DAYS.toNanos(1), enough);
    }

    /** Stops publishing, takes what still comes, and accounts for what did not. */
    void drain() throws IOException {
        publishing.stop();
        account(publishing::sent);
    }

    /** Takes what still comes of so many messages of each publisher, and accounts for what did not. */
    void account(IntToLongFunction sent) throws IOException {
        long before;
        do {
            before = ledger.delivered();
            work(System.nanoTime() + QUIET_NANOS, () -> isComplete(sent));
        } while (ledger.delivered() > before && !isComplete(sent));
        for (var connection : connections) {
            if (connection.isCounted() && connection.isOpen()) {
                for (int i = 0; i < traffic.publishers(); i++) {
                    ledger.missing(connection, i, sent.applyAsLong(connection.room() * traffic.publishers() + i));
                }
            }
        }
    }

    private boolean isComplete(IntToLongFunction sent) {
        long expected = 0;
        for (int i = 0; i < traffic.publishersInAll(); i++) {
            expected += sent.applyAsLong(i) * (traffic.sessions() / traffic.channels());
        }
        return ledger.delivered() >= expected;
    }

    private void work(long until, BooleanSupplier enough) throws IOException {
        for (long now = System.nanoTime(); now < until && !enough.getAsBoolean(); now = System.nanoTime()) {
            publishing.tick(now);
            reconnect(now);
            selector.select(this::ready, 1);
        }
    }

    private void ready(SelectionKey key) {
        var connection = (Connection) key.attachment();
        try {
            connection.ready(buffer);
            if (++handled % BETWEEN_TICKS == 0) {
                publishing.tick(System.nanoTime());
            }
        } catch (IOException e) {
            if (connection.isOpening()) {
                opening--;
            }
            ended += connection.isCounted() ? 1 : 0;
            connection.close();
        }
    }

    private void reconnect(long now) throws IOException {
        if (traffic.reconnects() == 0 || now - reconnectAt < 0 || opening > 0) {
            return;
        }
        reconnectAt = now + TimeUnit.SECONDS.toNanos(1) / traffic.reconnects();
        var connection = reconnecting.get(reconnectNext++ % reconnecting.size());
        connection.close();
        opening++;
        connection.open(selector);
    }

    /** A handshake was answered. */
    void opened() {
        opening--;
    }

    void delivered(Connection connection, long head, long stamp, long now) {
        if (ledger.delivered(connection, head, stamp, now) && connection.isCounted()) {
            publishing.delivered(head, now);
        }
    }

    Ledger ledger() {
        return ledger;
    }

    long ended() {
        return ended;
    }

    /** Cuts every connection. */
    @Override
    public void close() throws IOException {
        connections.forEach(Connection::close);
        selector.close();
    }
}
