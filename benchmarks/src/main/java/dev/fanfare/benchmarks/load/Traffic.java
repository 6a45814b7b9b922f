package dev.fanfare.benchmarks.load;

/**
 * What the sessions of one turn do.
 *
 * @param sessions those that are counted; spread evenly over nodes and channels
 * @param channels how many channels
 * @param publishers how many sessions of each channel publish
 * @param rate messages a second of all together; 0: each publisher has {@code window} messages on their way, and sends the
 *     next one when all sessions of its channel have one of them
 * @param window see {@code rate}
 * @param bytes length of each message
 * @param slow further sessions that never read
 * @param reconnects how often a second one of 20 further sessions is cut and opened again
 */
record Traffic(int sessions, int channels, int publishers, int rate, int window, int bytes, int slow, int reconnects) {

    /** Sessions that take turns in reconnecting. */
    static final int RECONNECTING = 20;

    int publishersInAll() {
        return channels * publishers;
    }

    int connections() {
        return sessions + slow + (reconnects > 0 ? RECONNECTING : 0);
    }

    /** Without those who do not read and those who come and go. */
    Traffic quiet() {
        return new Traffic(sessions, channels, publishers, rate, window, bytes, 0, 0);
    }

    Traffic withSessions(int other) {
        return new Traffic(other, channels, publishers, rate, window, bytes, slow, reconnects);
    }
}
