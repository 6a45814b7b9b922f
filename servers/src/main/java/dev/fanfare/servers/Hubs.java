package dev.fanfare.servers;

import dev.fanfare.jakarta.WebSocketHub;
import dev.fanfare.redis.RedisBroadcaster;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The hub as a bean. {@code @Singleton}, because a hub has no proxy. */
@Dependent
public class Hubs {

    @Produces
    @Singleton
    WebSocketHub hub() {
        return WebSocketHub.create(RedisBroadcaster.connect(System.getenv("REDIS_URL")));
    }

    void close(@Disposes WebSocketHub hub) {
        hub.close();
    }
}
