package dev.fanfare.examples;

import dev.fanfare.Broadcaster;
import dev.fanfare.examples.room.Room;
import dev.fanfare.jakarta.WebSocketHub;
import java.util.List;

/** One node: a hub that reaches the other nodes through Redis, and a container that serves its endpoints and the page. */
record ChatNode(WebSocketHub hub, Container container) implements AutoCloseable {

    static ChatNode create(String name, Broadcaster redis, Container container, RedisNews news) {
        return new ChatNode(
                WebSocketHub.builder(redis).node(name).listener(news).build(), container);
    }

    /** Serves its endpoints and {@code site} on {@code port}, or on a free one if that is 0; returns which. */
    int start(int port, Site site) throws Exception {
        return container.start(port, hub, List.of(Chat.class, Room.class, EventChat.class), site);
    }

    @Override
    public void close() {
        hub.close(); // sessions get their last messages and 1001 (Going Away), then the port is given back
        container.close();
    }
}
