package dev.fanfare.benchmarks.node;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.RedisClient;

/**
 * A node as it is written without a library, {@code TutorialNode CONTAINER REDIS-URI}: a map of sessions, one thread
 * that is subscribed by Jedis and sends to one session after the other, each send waiting until the last one is done. It
 * is what Fanfare is compared with, so it does no more and no less than people write.
 */
public final class TutorialNode {

    private static final Map<String, Set<Session>> ROOMS = new ConcurrentHashMap<>();
    private static @Nullable RedisClient redis;

    private TutorialNode() {}

    /** Runs until its standard input ends. */
    public static void main(String[] arguments) throws Exception {
        var uri = URI.create(arguments[1]);
        redis = RedisClient.create(uri);
        var subscriber = new Thread(
                () -> {
                    try (var jedis = new Jedis(uri, 0)) {
                        jedis.psubscribe(new Subscriber(), "*");
                    }
                },
                "subscriber");
        subscriber.setDaemon(true);
        subscriber.start();
        Node.serve(Server.named(arguments[0], true), container -> container.addEndpoint(Chat.class));
    }

    /** Sends what comes from Redis. */
    private static final class Subscriber extends JedisPubSub {
        @Override
        public void onPMessage(String pattern, String channel, String text) {
            for (var session : ROOMS.getOrDefault(channel, Set.of())) {
                try {
                    if (session.isOpen()) {
                        session.getBasicRemote().sendText(text);
                    }
                } catch (IOException | RuntimeException e) {
                    ROOMS.getOrDefault(channel, Set.of()).remove(session);
                }
            }
        }
    }

    /** The endpoint. */
    @ServerEndpoint("/rooms/{room}")
    public static class Chat {
        /** Adds the session to its room. */
        @OnOpen
        public void open(Session session, @PathParam("room") String room) {
            ROOMS.computeIfAbsent(room, name -> ConcurrentHashMap.newKeySet()).add(session);
        }

        /** Publishes. */
        @OnMessage(maxMessageSize = 16_384) // Tomcat's small buffers would refuse more than 1,024 characters
        public void message(String text, @PathParam("room") String room) {
            var client = redis;
            if (client != null) {
                client.publish(room, text);
            }
        }

        /** Ignores what a client did that is gone. */
        @OnError
        public void error(Session session, Throwable cause) {}

        /** Takes the session out of its room. */
        @OnClose
        public void close(Session session, @PathParam("room") String room) {
            ROOMS.getOrDefault(room, Set.of()).remove(session);
        }
    }
}
