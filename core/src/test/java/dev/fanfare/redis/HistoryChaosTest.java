package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.SentinelGroup;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.HostAndPort;

/**
 * Connections, servers and nodes die under load, the nodes as processes that are killed, and their clients go on elsewhere, from
 * the last position that they got. Once each in every build; with {@code -Pchaos} more than a hundred connections, ten servers
 * and ten nodes.
 */
@Timeout(300)
class HistoryChaosTest {

    private static final boolean FULL = Boolean.getBoolean("fanfare.chaos");
    private static final String STAYS = "stays";
    private static final String ROAMS = "roams";
    private static final String CHANGES = "changes";

    private final ChaosAccount account = new ChaosAccount();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private List<Integer> ports = List.of();
    private boolean history = true;
    private BusyNode stable;
    private NodeProcess process;
    private String test = "";
    private int rounds;
    private boolean changed;
    private int connections;

    @BeforeEach
    void takeName(TestInfo info) {
        test = info.getDisplayName();
    }

    @AfterEach
    void everythingEnds() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        OwnRedis.awaitNoThread();
    }

    /** For a Redis, or for several Sentinels. */
    static RedisBroadcaster.Builder builder(List<Integer> ports, boolean history) {
        var builder = ports.size() == 1 ? OwnRedis.quick(ports.get(0)) : sentinel(ports);
        return history ? builder.history(BusyNode.CHANNEL, 1_000_000, Duration.ofHours(1)) : builder;
    }

    private static RedisBroadcaster.Builder sentinel(List<Integer> ports) {
        var sentinels =
                ports.stream().map(port -> new HostAndPort("127.0.0.1", port)).collect(Collectors.toSet());
        return RedisBroadcaster.builder()
                .sentinel(
                        SentinelGroup.NAME,
                        sentinels,
                        SentinelTest.password(SentinelGroup.PASSWORD),
                        SentinelTest.password(SentinelGroup.SENTINEL_PASSWORD))
                .publishTimeout(Duration.ofMillis(800))
                .liveness(Duration.ofMillis(500), Duration.ofSeconds(3))
                .backoff(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofMillis(300));
    }

    /** Two nodes that send, and three clients: one that stays, one whose nodes die one by one, and one that changes. */
    private void begin(List<Integer> to) {
        ports = to;
        stable = new BusyNode("stable", builder(ports, history), account::hear);
        opened.add(stable);
        account.await("ready stable");
        process = nextProcess();
        stable.join(STAYS, null);
        process.join(ROAMS, null);
        process.join(CHANGES, null);
        List.of(STAYS, ROAMS, CHANGES).forEach(client -> account.await("joined " + client + " -"));
        stable.send();
        process.send();
        account.awaitAccepted(100);
    }

    private NodeProcess nextProcess() {
        var name = "node" + ++rounds;
        var next = new NodeProcess(name, ports, history, account);
        opened.add(next);
        account.await("ready " + name);
        return next;
    }

    /** Each time, messages are on their way. */
    private void killConnections(RedisServer redis, int times) {
        for (int i = 0; i < times; i++) {
            connections += Integer.parseInt(redis.command("CLIENT", "KILL", "TYPE", i % 2 == 0 ? "pubsub" : "normal"));
            account.awaitAccepted(10);
        }
    }

    /** A node dies just after what happens {@code before}, and its clients go on: one elsewhere, one to and fro. */
    private void killNode(Runnable before) {
        var next = nextProcess();
        before.run();
        process.kill();
        process = next;
        resume(process, ROAMS);
        if (changed) {
            stable.leave(CHANGES);
        }
        resume(changed ? process : stable, CHANGES);
        changed = !changed;
        process.send();
    }

    private void resume(ChaosNode on, String client) {
        on.join(client, history ? Objects.requireNonNull(account.client(client).last()) : null);
    }

    private void awaitResumed() {
        account.await("joined " + ROAMS + " -");
        account.await("joined " + CHANGES + " -");
    }

    /** Ends the load, and waits until a last message is everywhere. */
    private void settle() {
        process.stop();
        stable.stop();
        account.await("stopped stable");
        account.await("stopped node" + rounds);
        var text = new ArrayList<String>();
        Await.until("a last one is accepted", () -> {
            var accepted = stable.sendOne().join();
            return accepted != null && text.add(accepted);
        });
        account.awaitEverybody(text.get(0));
        log(account.count() + " accepted, " + connections + " connections killed, " + (rounds - 1) + " nodes");
    }

    private void log(String what) {
        System.getLogger(HistoryChaosTest.class.getName()).log(System.Logger.Level.INFO, "{0}: {1}", test, what);
    }

    private RedisServer redis(String fsync) {
        var redis = RedisServer.start("--appendonly", "yes", "--appendfsync", fsync);
        opened.add(redis);
        return redis;
    }

    @Test
    void aDurableRedisLosesNothing() {
        var redis = redis("always");
        begin(List.of(redis.port()));
        for (int round = 0; round < (FULL ? 10 : 1); round++) {
            storm(redis, round);
        }
        settle();
        account.assertOrder();
        account.assertNothingIsMissing();
        account.assertEverybodyGot(kept());
    }

    /** In every other round Redis is down when the node dies. */
    private void storm(RedisServer redis, int round) {
        killConnections(redis, 11);
        killNode(round % 2 == 0 ? () -> {} : redis::kill);
        redis.restart();
        awaitResumed();
        account.awaitAccepted(100);
    }

    @Test
    void withoutHistoryGapsCoverAllThatIsMissing() {
        history = false;
        var redis = redis("always");
        begin(List.of(redis.port()));
        for (int round = 0; round < (FULL ? 10 : 1); round++) {
            storm(redis, round);
        }
        settle();
        long missing = account.assertGapsCover(STAYS);
        log(missing + " missing in gaps");
    }

    /** What Redis had not written to the disk yet is gone, as if its machine had lost power. */
    @Test
    void aRedisThatLosesItsLastMessagesIsAGapAndSwallowsNothingNew() throws Exception {
        var redis = redis("everysec");
        begin(List.of(redis.port()));
        for (int round = 0; round < (FULL ? 10 : 1); round++) {
            killConnections(redis, 11);
            killNode(() -> {});
            awaitResumed();
            loseTail(redis);
            account.awaitAccepted(100);
        }
        settle();
        assertGaps();
    }

    private void loseTail(RedisServer redis) throws IOException {
        var file = newest(
                Path.of(redis.command("CONFIG", "GET", "dir").lines().toList().get(1), "appendonlydir"));
        long written = Files.size(file);
        account.awaitAccepted(300);
        account.awaitEverybody(account.newest()); // whoever is behind what Redis keeps cannot know that there was more
        redis.kill();
        try (var tail = new RandomAccessFile(file.toFile(), "rw")) {
            tail.setLength(written);
        }
        redis.restart();
    }

    private static Path newest(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** Everybody has, once and in order, what the history has in the end; and knows where it misses what is lost. */
    private void assertGaps() {
        account.assertOrder();
        account.assertEverybodyGot(kept());
        long missing = account.assertGapsWhereSomethingIsMissing();
        long told = account.told("HISTORY_LOST");
        assertTrue(told > 0, "nobody was told that anything is lost");
        log(missing + " missing in gaps, of which there are " + told);
    }

    @Test
    void aFailoverToAReplicaThatLagsIsAGapAndSwallowsNothingNew() {
        var group = SentinelGroup.start();
        opened.add(group);
        begin(group.sentinelPorts());
        for (int round = 0; round < (FULL ? 3 : 1); round++) {
            if (round > 0) {
                group.awaitAgreement();
            }
            killNode(() -> {});
            awaitResumed();
            failOver(group);
            account.awaitAccepted(100);
        }
        settle();
        assertGaps();
    }

    private void failOver(SentinelGroup group) {
        var master = group.master();
        var replica = group.replica();
        group.command(replica, "CONFIG", "SET", "masterauth", "wrong");
        group.command(master, "CLIENT", "KILL", "TYPE", "replica");
        account.awaitAccepted(300);
        account.awaitEverybody(account.newest());
        master.kill();
        Await.until("there is another", Duration.ofSeconds(40), () -> isMaster(group, replica));
        group.command(replica, "CONFIG", "SET", "masterauth", SentinelGroup.PASSWORD);
        master.restart();
    }

    private static boolean isMaster(SentinelGroup group, RedisServer server) {
        try {
            return group.command(server, "ROLE").startsWith("master");
        } catch (RuntimeException e) { // it ends all connections when it becomes one
            return false;
        }
    }

    /** What the history has in the end. */
    private List<String> kept() {
        List<String> texts = new ArrayList<>();
        @Nullable Position from = Position.START;
        while (from != null) {
            var page = stable.history()
                    .after(BusyNode.CHANNEL, from, 1_000)
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            page.entries().forEach(entry -> texts.add(((Message.Text) entry.message()).text()));
            from = page.isLast() ? null : page.end();
        }
        return texts;
    }
}
