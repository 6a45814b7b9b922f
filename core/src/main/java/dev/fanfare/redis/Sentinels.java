package dev.fanfare.redis;

import dev.fanfare.Gap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Sentinels that watch a master and its replicas, and know which of them is the master at the moment. They are asked one
 * after the other, beginning with the one that answered last.
 *
 * <p>They do not learn of a new master all at once: what was the master until a moment ago is not believed to be it again
 * for a while, or nodes would go back and forth.
 */
final class Sentinels implements Topology {

    /** Sentinels tell each other every two seconds. */
    private static final long DISAGREEMENT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final List<HostAndPort> addresses;
    private final JedisClientConfig client;
    private final AtomicInteger preferred = new AtomicInteger();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable HostAndPort known;

    @GuardedBy("lock")
    private @Nullable HostAndPort left;

    @GuardedBy("lock")
    private long leftNanos;

    Sentinels(String name, List<HostAndPort> addresses, JedisClientConfig client) {
        this.name = name;
        this.addresses = List.copyOf(addresses);
        this.client = client;
    }

    @Override
    public HostAndPort master(Consumer<RedisLink> asking) {
        Exception failure = null;
        int first = preferred.get();
        for (int n = 0; n < addresses.size(); n++) {
            int index = Math.floorMod(first + n, addresses.size());
            try {
                var master = ask(index, asking);
                if (master != null && !heard(master)) {
                    failure = GivenUp.failover("the Sentinels do not agree yet which server is the master");
                } else if (master != null) {
                    preferred.compareAndSet(first, index);
                    return master;
                }
            } catch (JedisException | IOException | GivenUp e) {
                failure = e;
            }
        }
        throw failure == null ? unknownName() : unreachable(failure);
    }

    private @Nullable HostAndPort ask(int index, Consumer<RedisLink> asking) throws IOException {
        var link = link(index);
        asking.accept(link);
        try {
            link.open();
            return ask(link);
        } finally {
            link.abort();
        }
    }

    /** What the Sentinel at the other end of {@code link} says; null if it does not know the name. */
    @Nullable
    HostAndPort ask(RedisLink link) throws IOException {
        return link.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name) instanceof List<?> reply
                        && reply.size() == 2
                        && reply.get(0) instanceof byte[] host
                        && reply.get(1) instanceof byte[] port
                ? address(text(host), text(port))
                : null;
    }

    /** Takes note of an answer; false if it is too old to be believed. */
    boolean heard(HostAndPort master) {
        synchronized (lock) {
            if (master.equals(left) && System.nanoTime() - leftNanos < DISAGREEMENT_NANOS) {
                return false;
            }
            if (known != null && !known.equals(master)) {
                left = known;
                leftNanos = System.nanoTime();
            }
            known = master;
            return true;
        }
    }

    /** A connection, not open yet, to the Sentinel that answered last. */
    RedisLink link() {
        return link(Math.floorMod(preferred.get(), addresses.size()));
    }

    private RedisLink link(int index) {
        return new RedisLink(client, new OneServer(addresses.get(index)));
    }

    /** The next question goes to another one, which may know better. */
    void next() {
        preferred.incrementAndGet();
    }

    @Override
    public void rejected(HostAndPort address) {
        next();
    }

    /** The new master, if {@code message} of the channel {@code +switch-master} is about ours. */
    @Nullable
    HostAndPort switched(byte[] message) {
        var words = text(message).split(" ", -1);
        return words.length == 5 && words[0].equals(name) ? address(words[3], words[4]) : null;
    }

    private static HostAndPort address(String host, String port) {
        return new HostAndPort(host, Integer.parseInt(port));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private GivenUp unknownName() {
        return new GivenUp(
                Diagnosis.Kind.MISCONFIGURED,
                Gap.Reason.RECONNECT,
                "no Sentinel knows a master named " + name,
                "give the name that follows \"sentinel monitor\" in their configuration");
    }

    private RuntimeException unreachable(Exception failure) {
        var diagnosis = Diagnosis.of(failure);
        return new GivenUp(
                diagnosis.kind(),
                Gap.Reason.RECONNECT,
                "no Sentinel says where the master is: " + diagnosis.what(),
                diagnosis.remedy());
    }

    @Override
    public String describe(String scheme) {
        return scheme + name + " by the Sentinels " + Topology.show(addresses);
    }
}
