package dev.fanfare.examples;

import dev.fanfare.examples.room.Room;
import dev.fanfare.jakarta.WebSocketHub;
import dev.fanfare.redis.RedisBroadcaster;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** One node: a hub that reaches the other nodes through Redis, and a container that serves its endpoints and the page. */
record ChatNode(WebSocketHub hub, Container container) implements AutoCloseable {

    static ChatNode create(String redisUrl, Container container, RedisNews news) {
        RedisBroadcaster redis = RedisBroadcaster.builder()
                .uri(redisUrl)
                .history("chat", 1_000, Duration.ofHours(1))
                .build();
        return new ChatNode(WebSocketHub.builder(redis).listener(news).build(), container);
    }

    /** Serves on {@code port}; {@code nodes} are the ports of all that are known. */
    int start(int port, Supplier<List<Integer>> nodes) throws Exception {
        var endpoints = List.of(Chat.class, Room.class, EventChat.class);
        return container.start(port, hub, endpoints, new Site(hub::stats, nodes));
    }

    @Override
    public void close() {
        hub.close(); // sessions get their last messages and 1001 (Going Away), then the port is given back
        container.close();
    }
}
