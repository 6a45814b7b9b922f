package dev.fanfare.redis;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Learns from the Sentinels which server is the master, while connections to it stand: by their message when that
 * changes, and by asking several times in each interval of the PINGs, because a message can be missed. A server that was
 * the master goes on answering for seconds, and what is published there then reaches nobody.
 */
final class MasterWatch {

    private static final Logger LOG = System.getLogger(MasterWatch.class.getName());
    private static final int POLLS = 5;

    private final Sentinels sentinels;
    private final Settings settings;
    private final Consumer<HostAndPort> told;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread poller = Threads.of("sentinel-poll", () -> run(this::poll));
    private final Thread listener = Threads.of("sentinel", () -> run(this::listen));
    private volatile @Nullable RedisLink asking;
    private volatile @Nullable RedisLink opening;
    private volatile @Nullable RedisLink listening;

    /** {@code told} hears which server is the master, again and again, on two threads; it must not block. */
    MasterWatch(Sentinels sentinels, Settings settings, Consumer<HostAndPort> told) {
        this.sentinels = sentinels;
        this.settings = settings;
        this.told = told;
    }

    void start() {
        poller.start();
        listener.start();
    }

    void close() {
        stopping.countDown();
        abort(asking);
        abort(opening);
        Threads.join(poller);
        Threads.join(listener);
    }

    /** One round after the other, each at its own pace. */
    private void run(Round round) {
        long interval = Math.max(1, settings.pingInterval().toNanos() / POLLS);
        try {
            while (!stopping.await(interval, TimeUnit.NANOSECONDS)) {
                try {
                    round.run();
                } catch (JedisException | IOException | GivenUp e) {
                    LOG.log(Level.DEBUG, "a Sentinel: {0}", e.getMessage());
                    sentinels.next();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "interrupted; a change of master is noticed late", e);
        }
    }

    private void poll() throws IOException {
        var current = asking;
        try {
            if (current == null) {
                current = sentinels.link();
                asking = current;
                open(current);
            }
            var master = sentinels.ask(current);
            if (master != null && sentinels.heard(master)) {
                told.accept(master);
            }
        } catch (JedisException | IOException | GivenUp e) {
            abort(current);
            asking = null;
            throw e;
        }
        prove(listening);
    }

    /** So that a listener whose Sentinel is gone without a word does not wait for ever. */
    private static void prove(@Nullable RedisLink link) {
        if (link != null) {
            var ping = new CommandBuffer();
            ping.add(new byte[] {'P', 'I', 'N', 'G'});
            try {
                link.write(ping);
            } catch (IOException e) {
                link.abort();
            }
        }
    }

    private void listen() throws IOException {
        var current = sentinels.link();
        opening = current;
        try {
            open(current);
            current.call("SUBSCRIBE", "+switch-master");
            listening = current;
            while (true) {
                heard(current.read());
            }
        } finally {
            listening = null;
            current.abort();
        }
    }

    private void open(RedisLink link) throws IOException {
        if (stopping.getCount() == 0) {
            throw new IOException("closed");
        }
        link.open();
        link.readTimeout(Math.toIntExact(settings.readTimeout().toMillis()));
    }

    private void heard(Object reply) {
        if (reply instanceof List<?> push
                && push.size() == 3
                && push.get(0) instanceof byte[] type
                && new String(type, StandardCharsets.US_ASCII).equals("message")
                && push.get(2) instanceof byte[] message) {
            var master = sentinels.switched(message);
            if (master != null && sentinels.heard(master)) {
                told.accept(master);
            }
        }
    }

    private static void abort(@Nullable RedisLink link) {
        if (link != null) {
            link.abort();
        }
    }

    private interface Round {
        void run() throws IOException;
    }
}
