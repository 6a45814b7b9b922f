package dev.fanfare.benchmarks.load;

/** Follows every message to every session: order, loss, duplicates, latency. For one thread. */
final class Ledger {

    private final Histogram latencies = new Histogram();
    private long delivered;
    private long lost;
    private long wrong;
    private long from = Long.MAX_VALUE;
    private long to = Long.MAX_VALUE;
    private int absent;

    /** A session has not received anything yet. */
    void absent() {
        absent++;
    }

    int absentSessions() {
        return absent;
    }

    /** Latencies count of messages that are due from {@code now} on. */
    void measureFrom(long now) {
        from = now;
    }

    /** No longer; those on their way still do. */
    void measureTo(long now) {
        to = now;
    }

    /** A message arrived; true if {@code connection} had neither it nor a later one before. */
    boolean delivered(Connection connection, long head, long stamp, long now) {
        int publisher = Mark.publisher(head);
        if (publisher == Mark.PROBE) {
            if (connection.arrive() && connection.isCounted()) {
                absent--;
            }
            return false;
        }
        int next = connection.localPublisher(publisher);
        long number = Mark.number(head);
        long expected = connection.next[next];
        if (connection.isCounted()) {
            delivered++;
            measure(Mark.nanosSince(stamp, now), now);
        }
        if (expected >= 0
                && number < expected) { // what it takes the place of was counted as lost when it was overtaken
            wrong++;
            return false;
        }
        lost += expected < 0 ? 0 : number - expected;
        connection.next[next] = number + 1;
        return true;
    }

    private void measure(long latency, long now) {
        if (from != Long.MAX_VALUE && now - latency - from >= 0 && (to == Long.MAX_VALUE || now - latency - to < 0)) {
            latencies.record(latency);
        }
    }

    /** The turn is over: what {@code connection} did not get of {@code sent} messages of one publisher. */
    void missing(Connection connection, int localPublisher, long sent) {
        lost += Math.max(0, sent - Math.max(0, connection.next[localPublisher]));
    }

    long delivered() {
        return delivered;
    }

    long lost() {
        return lost;
    }

    long wrong() {
        return wrong;
    }

    Histogram latencies() {
        return latencies;
    }
}
