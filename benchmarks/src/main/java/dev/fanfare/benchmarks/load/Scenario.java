package dev.fanfare.benchmarks.load;

import java.util.Locale;

/** What is tried, each by itself. */
enum Scenario {
    /** 100 messages of 128 bytes a second to 1,000 sessions: nothing to merge, latency counts. */
    PACED,
    /** 128 messages on their way all the time: what the nodes can do. */
    SATURATED,
    /** 500 messages of 128 bytes a second to 200 sessions, which the nodes can do one by one: what collecting them for some milliseconds gains and costs. */
    CURVE,
    /** 100 channels of 10 members, saturated: one publish for 10 deliveries. */
    ROOMS,
    /** 10 kB messages, saturated. */
    LARGE,
    /** Saturated, beside 5 sessions that never read and 20 reconnects a second; and before that without them. */
    TROUBLE,
    /** 10 messages a second to 10,000 sessions. */
    CROWD,
    /** 15,000 quiet sessions on one node: memory. */
    IDLE,
    /** 60,000 sessions on 4 nodes, in one channel, to which one message a second goes. */
    FLEET,
    /** 8 threads publish, without any node: the broadcaster and a pool of Jedis. */
    PUBLISH,
    /** The same by a hub alone: without history, and with it by each of its ways. */
    HISTORY;

    Traffic traffic() {
        return switch (this) {
            case PACED -> new Traffic(1_000, 1, 4, 100, 0, 128, 0, 0);
            case SATURATED -> new Traffic(1_000, 1, 8, 0, 16, 128, 0, 0);
            case CURVE -> new Traffic(200, 1, 4, 500, 0, 128, 0, 0);
            case ROOMS -> new Traffic(1_000, 100, 1, 0, 4, 128, 0, 0);
            case LARGE -> new Traffic(1_000, 1, 4, 0, 4, 10_000, 0, 0);
            case TROUBLE -> new Traffic(1_000, 1, 8, 0, 16, 128, 5, 20);
            case CROWD -> new Traffic(10_000, 1, 2, 10, 0, 128, 0, 0);
            case IDLE -> new Traffic(15_000, 1, 1, 1, 0, 128, 0, 0);
            case FLEET -> new Traffic(60_000, 1, 1, 1, 0, 128, 0, 0);
            case PUBLISH, HISTORY -> new Traffic(0, 1, 8, 0, 4_096, 128, 0, 0);
        };
    }

    /** Whether the floor can be asked for it: it knows one channel, and drops who is slow. */
    boolean hasFloor() {
        return this != ROOMS && this != TROUBLE && this != FLEET && isSessions();
    }

    /** Whether ways take turns, of which a part is measured. */
    boolean isTurns() {
        return this != IDLE && this != FLEET && isSessions();
    }

    private boolean isSessions() {
        return this != PUBLISH && this != HISTORY;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
