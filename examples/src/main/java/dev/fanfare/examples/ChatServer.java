package dev.fanfare.examples;

import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.redis.RedisBroadcaster;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Everything that runs in this JVM: the nodes, and Redis if it was not given. Thread-safe. */
final class ChatServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ChatServer.class.getName());
    private static final int REDIS_PORT = 6379;

    private final Settings settings;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<ChatNode> nodes = new ArrayList<>();
    private final List<RedisNews> news = new ArrayList<>();
    private final List<Integer> ports = new CopyOnWriteArrayList<>();
    private String redisUrl = "";
    private boolean closed;

    ChatServer(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts Redis if none was given, then every node; does not wait until they reach Redis.
     *
     * @throws InvalidSettingException if a port is taken, or there is no Redis for this platform
     */
    synchronized void start() throws Exception {
        if (closed) {
            return;
        }
        for (int port : settings.ports()) {
            if (!isFree(port)) {
                throw taken(port);
            }
        }
        String given = settings.redisUrl();
        redisUrl = given == null ? startRedis() : given;
        for (int port : settings.ports()) {
            startNode(port);
        }
    }

    private String startRedis() {
        if (!RedisServer.supported()) {
            throw new InvalidSettingException(RedisServer.unsupportedReason()
                    + ": set REDIS_URL to a Redis that runs, such as redis://host:6379");
        }
        // On its usual port, so that redis-cli finds it without being told; elsewhere if somebody has that port.
        RedisServer redis = isFree(REDIS_PORT) ? RedisServer.start(REDIS_PORT) : RedisServer.start();
        started.push(redis);
        return redis.uri();
    }

    private void startNode(int port) throws Exception {
        RedisNews itsNews = new RedisNews();
        ChatNode node =
                ChatNode.create(name(port), redis(), settings.container().get(), itsNews);
        started.push(node);
        try {
            int taken = node.start(
                    port,
                    new Site(
                            node.hub()::stats,
                            this::known,
                            RedisAddress.of(redisUrl).terminal()));
            ports.add(taken);
            itsNews.started(taken);
        } catch (BindException e) {
            throw taken(port);
        }
        nodes.add(node);
        news.add(itsNews);
    }

    /** What the log calls a node: its port, if that is known before it has it. */
    private String name(int port) {
        return port > 0 ? Integer.toString(port) : "number " + (nodes.size() + 1);
    }

    /** Keeps the last thousand messages of the chat for an hour. */
    private RedisBroadcaster redis() {
        return RedisBroadcaster.builder()
                .uri(redisUrl)
                .history("chat", 1_000, Duration.ofHours(1))
                .build();
    }

    private static InvalidSettingException taken(int port) {
        return new InvalidSettingException("Port " + port
                + " is taken: end the program that uses it, or set PORT to other ports, such as PORT=5000,6000");
    }

    /** Nobody listens on it, neither on every address nor on the local one alone: some systems tell the two apart. */
    private static boolean isFree(int port) {
        for (InetSocketAddress address :
                List.of(new InetSocketAddress(port), new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(address);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /** The ports of the nodes that were started. */
    synchronized List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** Those and the ports of nodes elsewhere. Any thread, at any time. */
    private List<Integer> known() {
        return Stream.concat(ports.stream(), settings.others().stream()).toList();
    }

    /** The Redis that the nodes use. */
    synchronized String redisUrl() {
        return redisUrl;
    }

    /** Completes when every node reaches Redis. */
    synchronized CompletableFuture<Void> ready() {
        return CompletableFuture.allOf(
                nodes.stream().map(node -> node.hub().ready()).toArray(CompletableFuture[]::new));
    }

    /** Waits until it is known whether every node reaches Redis, but not longer than that; returns whether they do. */
    boolean reachesRedis(Duration atMost) throws InterruptedException {
        CompletableFuture<Void> ready = ready();
        try {
            CompletableFuture.anyOf(ready, toldDown()).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false; // the node says why, or will
        }
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    private synchronized CompletableFuture<Object> toldDown() {
        return CompletableFuture.anyOf(news.stream().map(RedisNews::toldDown).toArray(CompletableFuture[]::new));
    }

    /** Stops what was started, the last first, each even if another fails to. Again: nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        while (!started.isEmpty()) {
            AutoCloseable next = started.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "Stopping went wrong", e);
            }
        }
    }
}
