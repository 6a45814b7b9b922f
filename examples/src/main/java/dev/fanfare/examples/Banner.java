package dev.fanfare.examples;

import java.net.URI;
import java.util.Collections;
import java.util.List;

/**
 * What the chat says when it has started.
 *
 * @param ports the ports of its nodes
 * @param redisUrl the Redis that they use
 * @param redisIsOurs whether the chat started that Redis
 * @param startCommand what starts another chat from a terminal
 */
record Banner(List<Integer> ports, String redisUrl, boolean redisIsOurs, String startCommand) {
    private static final int PORT_STEP = 1000;
    private static final int HIGHEST_PORT = 65_535;

    String text() {
        StringBuilder text = new StringBuilder("\n  The chat is running. Open");
        text.append(ports.size() > 1 ? " these in two windows and say something:\n\n" : ":\n\n");
        for (int port : ports) {
            text.append("    http://localhost:").append(port).append('\n');
        }
        String url = shownRedisUrl();
        text.append("\n  Redis      ").append(url);
        text.append(redisIsOurs ? "  (started here; set REDIS_URL to use yours)\n" : "\n");
        text.append("  Take part  redis-cli -u ").append(url).append(" PUBLISH chat hello\n");
        text.append("  Add node   PORT=")
                .append(nextPort())
                .append(" REDIS_URL=")
                .append(url);
        text.append(' ').append(startCommand).append('\n');
        return text.append("  Stop       Ctrl-C\n").toString();
    }

    private int nextPort() {
        int next = Collections.max(ports) + PORT_STEP;
        return next <= HIGHEST_PORT ? next : Collections.min(ports) - 1;
    }

    /** Without its password. */
    private String shownRedisUrl() {
        String userInfo = URI.create(redisUrl).getRawUserInfo();
        return userInfo == null ? redisUrl : redisUrl.replace(userInfo + "@", "…@");
    }
}
