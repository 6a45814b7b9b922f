package dev.fanfare.benchmarks.node;

import dev.fanfare.jakarta.WebSocketHub;
import dev.fanfare.redis.RedisBroadcaster;
import java.time.Duration;

/** A node with a hub: {@code HubNode CONTAINER REDIS-URI fast|portable|untuned}, and for how many milliseconds lanes collect. */
public final class HubNode {

    private HubNode() {}

    /** Runs until its standard input ends. */
    public static void main(String[] arguments) throws Exception {
        var builder = WebSocketHub.builder(RedisBroadcaster.connect(arguments[1]));
        builder.coalescing(Duration.ofMillis(Long.parseLong(arguments[3])));
        var hub = builder.fastPaths(!arguments[2].equals("portable")).build();
        var server = Server.named(arguments[0], !arguments[2].equals("untuned"));
        Node.serve(server, container -> container.addEndpoint(hub.endpoint(Room.class)));
    }
}
