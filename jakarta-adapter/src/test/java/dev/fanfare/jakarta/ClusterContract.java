package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Gap;
import dev.fanfare.HubListener;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.TcpProxy;
import dev.fanfare.fixtures.WebSocketClient;
import dev.fanfare.redis.RedisBroadcaster;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What two nodes with default settings do together over a real Redis, whatever their clients and Redis do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClusterContract {

    /** The chat, one channel for each room. */
    @ServerEndpoint("/rooms/{room}")
    public static class Room {
        private static final Map<String, Session> LATEST = new ConcurrentHashMap<>();

        private final WebSocketHub hub;

        public Room(WebSocketHub hub) {
            this.hub = hub;
        }

        @OnOpen
        public void open(Session session, @PathParam("room") String room) throws IOException {
            LATEST.put(room, session);
            hub.join(session, room);
            if (room.startsWith("welcome")) {
                session.getBasicRemote().sendText("welcome");
            }
        }

        @OnMessage
        public void message(String text, @PathParam("room") String room) {
            hub.broadcast(room, text);
        }
    }

    /** What one node was told. */
    private static final class Told implements HubListener {
        private final List<String> gaps = new CopyOnWriteArrayList<>();
        private final List<String> unreadable = new CopyOnWriteArrayList<>();
        private final List<String> slow = new CopyOnWriteArrayList<>();

        @Override
        public void gap(Gap gap) {
            gaps.add(gap.channel());
        }

        @Override
        public void unreadable(String channel, String reason) {
            unreadable.add(channel);
        }

        @Override
        public void disconnectedAsSlow(String sessionId, String reason) {
            slow.add(sessionId);
        }
    }

    private final Function<Container.Deployment, Container> container;
    private final Told toldA = new Told();
    private final Told toldB = new Told();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private RedisServer redis;
    private Node a;
    private Node b;

    ClusterContract(Function<Container.Deployment, Container> container) {
        this.container = container;
    }

    @BeforeAll
    void start() throws Exception {
        redis = RedisServer.start();
        a = node(toldA);
        b = node(toldB);
        a.hub().ready().get(20, TimeUnit.SECONDS);
        b.hub().ready().get(20, TimeUnit.SECONDS);
    }

    private Node node(HubListener listener) {
        var hub = WebSocketHub.builder(RedisBroadcaster.connect(redis.uri()))
                .listener(listener)
                .build();
        return Node.start(hub, container, h -> server -> server.addEndpoint(h.endpoint(Room.class)));
    }

    @AfterAll
    void stop() {
        clients.shutdownNow();
        a.close();
        b.close();
        redis.close();
    }

    private WebSocketClient joined(Node node, String room) {
        int before = node.hub().sessions().count(room);
        var client = node.connect("/rooms/" + room);
        Await.until("joined " + room, () -> node.hub().sessions().count(room) > before);
        Await.until("Redis knows", () -> subscribers(room) >= nodesWithMembers(room));
        return client;
    }

    private long nodesWithMembers(String channel) {
        return Stream.of(a, b)
                .filter(node -> node.hub().sessions().count(channel) > 0)
                .count();
    }

    private int subscribers(String channel) {
        var reply = redis.command("PUBSUB", "NUMSUB", channel).strip();
        return Integer.parseInt(reply.replaceFirst("(?s).*\\D(?=\\d+$)", ""));
    }

    private <T> Future<T> meanwhile(Callable<T> task) {
        return clients.submit(task);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(50, TimeUnit.SECONDS);
    }

    @Test
    void fiveSendersAtFullSpeedReachEverybodyInOneOrder() throws Exception {
        var sockets = new ArrayList<WebSocketClient>();
        for (int i = 0; i < 8; i++) {
            sockets.add(joined(i < 5 || i % 2 == 0 ? a : b, "flood"));
        }
        sockets.add(joined(b, "flood"));
        sockets.add(joined(b, "flood"));
        var received = sockets.stream()
                .map(socket -> meanwhile(() -> socket.texts(5_000)))
                .toList();
        IntStream.range(0, 5)
                .forEach(sender -> meanwhile(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        sockets.get(sender).sendText(sender + ":" + i);
                    }
                    return sender;
                }));

        var order = get(received.get(0));
        for (var receiver : received) {
            assertEquals(order, get(receiver));
        }
        for (int sender = 0; sender < 5; sender++) {
            var prefix = sender + ":";
            assertEquals(
                    IntStream.range(0, 1_000).mapToObj(i -> prefix + i).toList(),
                    order.stream().filter(text -> text.startsWith(prefix)).toList());
        }
        sockets.forEach(WebSocketClient::close);
    }

    @Test
    void oneThreadThatBroadcastsInALoopClosesNoSession() throws Exception {
        try (var here = joined(a, "loop");
                var there = joined(b, "loop")) {
            var text = "x".repeat(200);
            var receivedHere = meanwhile(() -> here.texts(5_000));
            var receivedThere = meanwhile(() -> there.texts(5_000));
            for (int i = 0; i < 5_000; i++) {
                a.hub().broadcast("loop", text);
            }
            assertEquals(5_000, get(receivedHere).size());
            assertEquals(5_000, get(receivedThere).size());
        }
    }

    @Test
    void clientsThatStopReadingVanishOrAreCutOffHarmNobodyElse() throws Exception {
        int messages = 1_500;
        var text = "x".repeat(10_000);
        try (var sender = joined(a, "hostile");
                var receiver = joined(b, "hostile");
                var stopped = a.connectSmall("/rooms/hostile");
                var vanishing = a.connect("/rooms/hostile");
                var link = TcpProxy.to("127.0.0.1", a.container().port());
                var cutOff = WebSocketClient.connectSmall(link.port(), "/rooms/hostile")) {
            Await.until("all four of the node joined", () -> a.hub().sessions().count("hostile") == 4);
            var received = meanwhile(() -> receiver.texts(messages));
            vanishing.sendText("hello"); // comes first for everybody
            assertEquals("hello", sender.next().text());
            for (int i = 1; i < messages; i++) {
                if (i == 100) {
                    vanishing.reset();
                    link.stall();
                }
                sender.sendText(text);
                assertEquals(text, sender.next().text());
            }
            assertEquals(messages, get(received).size());
            Await.until("the other one and the cut off one are given up", () -> toldA.slow.size() == 2);
            Await.until("and have left", () -> a.hub().sessions().count("hostile") == 1);
            assertTrue(a.hub().stats().pinnedBytes() < 64 << 20);
            assertTrue(List.of(1013, 1006).contains(stopped.closeCode()));
            cutOff.close();
        }
    }

    @Test
    void deliveryResumesByItselfAndTheGapIsReportedWhateverEndsTheConnections() throws Exception {
        try (var here = joined(a, "resume");
                var there = joined(b, "resume")) {
            var threads = threads();
            var connections = connections();
            redis.command("CLIENT", "KILL", "TYPE", "normal");
            awaitDelivery("publishers", here, there);
            redis.command("CLIENT", "KILL", "TYPE", "pubsub");
            awaitDelivery("subscribers", here, there);
            awaitGaps(1);
            redis.kill();
            redis.restart();
            awaitDelivery("Redis", here, there);
            awaitGaps(2);
            Await.until("no connection is left over", () -> connections() == connections);
            Await.until("no thread is left over", () -> threads().size() <= threads.size());
        }
    }

    private void awaitGaps(int count) {
        for (var told : List.of(toldA, toldB)) {
            Await.until(
                    "the gap is reported",
                    () -> told.gaps.stream().filter("resume"::equals).count() == count);
        }
    }

    /**
     * Within five seconds a message that a client sends arrives on both nodes.
     *
     * @param cut what was cut before: the messages name it, as one of an earlier cut may come late
     */
    private void awaitDelivery(String cut, WebSocketClient here, WebSocketClient there) throws Exception {
        var probe = new Object() {
            int sent;
        };
        var arrivedHere = meanwhile(() -> readUntil("after " + cut, here));
        var arrivedThere = meanwhile(() -> readUntil("after " + cut, there));
        Await.until("delivery resumes", Duration.ofSeconds(5), () -> {
            if (probe.sent++ % 50 == 0) {
                here.sendText("after " + cut);
            }
            return arrivedHere.isDone() && arrivedThere.isDone();
        });
        a.hub().broadcast("resume", "last after " + cut).get(5, TimeUnit.SECONDS);
        readUntil("last after " + cut, here);
        readUntil("last after " + cut, there);
    }

    private static String readUntil(String awaited, WebSocketClient client) {
        var text = client.next().text();
        while (!text.equals(awaited)) {
            text = client.next().text();
        }
        return text;
    }

    private int connections() {
        return redis.command("CLIENT", "LIST").split("\n").length;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fanfare") && !name.contains("callback") && !name.contains("reaper"))
                .toList();
    }

    @Test
    void bytesThatAreNoMessageHarmNobody() throws Exception {
        try (var here = joined(a, "bytes");
                var there = joined(b, "bytes");
                var raw = RawRedis.connect(URI.create(redis.uri()))) {
            raw.publish("bytes", new byte[] {(byte) 0xC3, 0x28}); // not UTF-8
            raw.publish("bytes", new byte[] {(byte) 0xFF, 'F', 'A', 'N', 99, 1, 2, 3}); // an envelope from nowhere
            raw.publish("bytes", new byte[(1 << 20) + 1]); // larger than any message
            raw.publish("bytes", new byte[0]);
            raw.publish("bytes", "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
            for (var socket : List.of(here, there)) {
                assertEquals("", socket.next().text());
                assertEquals(1 << 20, socket.next().text().length());
            }
            Await.until("both nodes report three", () -> toldA.unreadable.size() == 3 && toldB.unreadable.size() == 3);

            try (var rude = joined(a, "bytes");
                    var binary = joined(a, "bytes")) {
                rude.sendFrame(WebSocketClient.TEXT, true, new byte[] {(byte) 0xC3, 0x28});
                binary.sendBinary(new byte[] {1, 2, 3});
                assertEquals(1007, rude.closeCode());
                here.sendText("");
                here.sendText("y".repeat(1 << 20));
                assertEquals("", there.next().text());
                assertEquals(1 << 20, there.next().text().length());
            }
        }
    }

    @Test
    void tenThousandChannelsCostTheThreadsAndSocketsOfOne() throws Exception {
        try (var socket = joined(a, "first")) {
            var threads = threads();
            int connections = connections();
            var session = Room.LATEST.get("first");
            var joins = IntStream.range(0, 10_000)
                    .mapToObj(i -> a.hub().join(session, "many-" + i))
                    .toList();
            for (var join : joins) {
                join.get(20, TimeUnit.SECONDS);
            }
            assertEquals(connections, connections());
            assertEquals(threads.size(), threads().size());
            a.hub().leave(session).get(20, TimeUnit.SECONDS);
            assertEquals(0, socket.handshake().indexOf("HTTP/1.1 101"));
        }
    }

    @Test
    void aThousandSessionsEachSeeTheirOwnFirstMessage() {
        for (int i = 0; i < 1_000; i++) {
            try (var socket = a.connect("/rooms/fresh-" + i)) {
                socket.sendText("mine " + i);
                assertEquals("mine " + i, socket.next().text());
            }
        }
    }

    @Test
    void aWelcomeOfTheApplicationDuringAFloodFailsOnNeitherSide() throws Exception {
        try (var first = joined(a, "welcome")) {
            assertEquals("welcome", first.next().text());
            var flood = meanwhile(() -> {
                for (int i = 0; i < 3_000; i++) {
                    b.hub().broadcast("welcome", "flood").get(5, TimeUnit.SECONDS);
                }
                return 3_000;
            });
            var received = meanwhile(() -> first.texts(3_000));
            while (!flood.isDone()) {
                try (var late = a.connect("/rooms/welcome")) {
                    assertEquals("welcome", late.next().text());
                }
            }
            assertEquals(3_000, get(flood));
            assertEquals(3_000, get(received).size());
        }
    }
}
