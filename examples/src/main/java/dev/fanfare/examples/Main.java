package dev.fanfare.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Starts the chat: two nodes and a Redis, unless {@code PORT}, {@code NODES}, {@code REDIS_URL} and {@code CONTAINER} ask for
 * something else. Runs until the JVM is told to end; ends with exit code 2 if it cannot start as it was asked to.
 */
public final class Main {
    private static final int CANNOT_START = 2;
    /** A Redis that swallows what it is sent is no reason to say nothing. */
    private static final Duration WAITS_FOR_REDIS = Duration.ofSeconds(5);

    private Main() {}

    /** Takes no arguments; see the environment variables above. */
    public static void main(String[] arguments) throws Exception {
        Logging.configure();
        try {
            run(Settings.of(System.getenv()));
        } catch (InvalidSettingException e) {
            System.err.println("fanfare-chat: " + e.getMessage());
            System.exit(CANNOT_START);
        }
    }

    private static void run(Settings settings) throws Exception {
        ChatServer server = new ChatServer(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "fanfare-chat-stop"));
        server.start();
        Banner banner = new Banner(
                server.ports(),
                RedisAddress.of(server.redisUrl()),
                settings.redisUrl() == null,
                server.reachesRedis(WAITS_FOR_REDIS),
                startCommand());
        System.out.println(banner.text());
        new CountDownLatch(1).await(); // the containers' threads do not keep a JVM alive
    }

    /** How to start another one like this; HotSpot knows how it was started. */
    private static String startCommand() {
        String started = System.getProperty("sun.java.command", "");
        return started.endsWith(".jar") ? "java -jar " + started : "mvn -q compile exec:java";
    }
}
