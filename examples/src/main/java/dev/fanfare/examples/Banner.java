package dev.fanfare.examples;

import java.util.Collections;
import java.util.List;

/**
 * What the chat says when it has started.
 *
 * @param ports the ports of its nodes
 * @param redis the Redis that they use
 * @param redisIsOurs whether the chat started that Redis
 * @param redisIsReached whether every node reaches it
 * @param startCommand what starts another chat from a terminal
 */
record Banner(
        List<Integer> ports, RedisAddress redis, boolean redisIsOurs, boolean redisIsReached, String startCommand) {
    private static final int PORT_STEP = 1000;
    private static final int HIGHEST_PORT = 65_535;

    String text() {
        StringBuilder text = new StringBuilder(redisIsReached ? running() : waiting());
        for (int port : ports) {
            text.append("    http://localhost:").append(port).append('\n');
        }
        text.append("\n  Redis      ").append(redis.shown());
        text.append(redisIsOurs ? "  (started here; set REDIS_URL to use yours)\n" : "\n");
        if (redisIsReached) {
            text.append("  Take part  ").append(redis.terminal()).append(" PUBLISH chat hello\n");
        } else {
            text.append(
                            "             Not reached; the warnings say why. The nodes go on trying, and say when they reach it:\n")
                    .append(
                            "             start that Redis, or stop the chat and start it again with another REDIS_URL\n");
        }
        text.append("  Add node   PORT=")
                .append(nextPort())
                .append(" REDIS_URL=")
                .append(RedisAddress.word(redis.shown()));
        text.append(' ').append(startCommand);
        text.append(redis.hasPassword() ? "  (with the password for ***)\n" : "\n");
        return text.append("  Stop       Ctrl-C\n").toString();
    }

    private String running() {
        return "\n  The chat is running. Open"
                + (ports.size() > 1 ? " these in two windows and say something:\n\n" : ":\n\n");
    }

    private static String waiting() {
        return "\n  The chat has started, but does not reach its Redis: nothing that is said arrives until it does.\n\n";
    }

    private int nextPort() {
        int next = Collections.max(ports) + PORT_STEP;
        return next <= HIGHEST_PORT ? next : Collections.min(ports) - 1;
    }
}
