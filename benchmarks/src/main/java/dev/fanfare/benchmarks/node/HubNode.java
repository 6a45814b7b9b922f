package dev.fanfare.benchmarks.node;

import dev.fanfare.jakarta.WebSocketHub;
import dev.fanfare.redis.RedisBroadcaster;

/** A node with a hub: {@code HubNode CONTAINER REDIS-URI fast|portable}. */
public final class HubNode {

    private HubNode() {}

    /** Runs until its standard input ends. */
    public static void main(String[] arguments) throws Exception {
        var builder = WebSocketHub.builder(RedisBroadcaster.connect(arguments[1]));
        fastPaths(builder, arguments[2].equals("fast"));
        var hub = builder.build();
        Node.serve(arguments[0], container -> container.addEndpoint(hub.endpoint(Room.class)));
    }

    // By reflection, so that versions without fast paths can be measured as well.
    private static void fastPaths(WebSocketHub.Builder builder, boolean allowed) throws ReflectiveOperationException {
        try {
            builder.getClass().getMethod("fastPaths", boolean.class).invoke(builder, allowed);
        } catch (NoSuchMethodException e) {
            if (allowed) {
                throw e;
            }
        }
    }
}
