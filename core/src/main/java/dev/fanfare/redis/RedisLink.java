package dev.fanfare.redis;

import dev.fanfare.Gap;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * One connection to Redis, from its opening to its first failure, after which it is thrown away. One thread may read
 * while another writes; {@link #abort} may come from any, at any time.
 *
 * <p>Jedis opens the socket, encrypts it, authenticates and reads. Writing is done here: a {@link Connection} that is
 * written to after its end silently opens a new socket without authentication, and one whose write fails reads from the
 * stream of the reading thread (Jedis 8.0, {@code Connection.sendCommand}).
 */
final class RedisLink {

    private final JedisClientConfig client;
    private final Topology topology;
    private final OneSocket factory;
    private @Nullable Connection connection;
    private boolean answered;
    private volatile @Nullable RedisLink asking;
    private volatile @Nullable HostAndPort address;
    private volatile @Nullable GivenUp givenUp;

    RedisLink(Settings settings) {
        this(settings.client(), settings.topology());
    }

    RedisLink(JedisClientConfig config, Topology topology) {
        // RESP2 on purpose: without HELLO it is what every server speaks first, and the pushes of RESP3 belong to
        // Jedis.
        client = DefaultJedisClientConfig.builder()
                .from(config)
                .serverDefaultProtocol()
                .build();
        this.topology = topology;
        factory = new OneSocket(client);
    }

    /**
     * Blocks until the connection is open and authenticated, for at most the client configuration's timeouts, and those
     * of whoever has to be asked for the address.
     *
     * @throws RuntimeException if it cannot be
     */
    void open() {
        var where = topology.master(this::asking);
        address = where;
        factory.updateHostAndPort(where);
        try {
            connection = new Connection(factory, client);
        } catch (RuntimeException e) {
            topology.rejected(where);
            throw reason(e);
        }
    }

    private void asking(RedisLink link) {
        asking = link;
        if (factory.closed) {
            link.abort();
        }
    }

    /**
     * Makes sure that this is a master: what is published on a replica reaches nobody beyond it.
     *
     * @throws GivenUp if it is none; a user without the right to ask is believed
     */
    void requireMaster() throws IOException {
        try {
            var role = Role.of(call("ROLE"));
            if (role == Role.OTHER) {
                var where = address;
                if (where != null) {
                    topology.rejected(where);
                }
                throw Role.noMaster();
            }
        } catch (JedisDataException e) {
            answered = true; // not allowed to ask
        }
    }

    /** Where it leads, once that is known. */
    @Nullable
    HostAndPort address() {
        return address;
    }

    /** From now on a read that waits longer fails; 0 waits for ever. */
    void readTimeout(int millis) {
        connection().setSoTimeout(millis);
    }

    /** Writes everything in {@code commands}; blocks while Redis does not read. */
    void write(CommandBuffer commands) throws IOException {
        commands.writeTo(factory.socket().getOutputStream());
    }

    /**
     * Waits for the next reply.
     *
     * @throws redis.clients.jedis.exceptions.JedisDataException if it is an error; the connection stays usable
     * @throws JedisConnectionException if there will be none any more
     */
    Object read() {
        try {
            var reply = connection().getUnflushedObject();
            answered = true;
            return reply;
        } catch (JedisConnectionException e) {
            throw reason(e);
        }
    }

    private RuntimeException reason(RuntimeException failure) {
        var known = givenUp;
        if (known != null) {
            known.addSuppressed(failure);
            return known;
        }
        return failure instanceof JedisConnectionException && !answered && factory.socket != null
                ? doubtful(failure)
                : failure;
    }

    /** A server that ends a connection without a word may have expected something else. */
    private RuntimeException doubtful(RuntimeException failure) {
        var diagnosis = Diagnosis.of(failure);
        if (diagnosis.kind() != Diagnosis.Kind.ENDED) {
            return failure;
        }
        boolean tls = client.isSsl() || client.getSslOptions() != null;
        var doubt = new GivenUp(
                diagnosis.kind(),
                Gap.Reason.RECONNECT,
                diagnosis.what()
                        + (tls
                                ? " (so does a server that wants a certificate of the client)"
                                : " (so does a server that wants TLS: is it rediss:// perhaps?)"),
                "");
        doubt.initCause(failure);
        return doubt;
    }

    /** Sends one command and waits for its reply, where nobody else reads or writes yet. */
    Object call(String... command) throws IOException {
        var buffer = new CommandBuffer();
        var bytes = new byte[command.length][];
        for (int i = 0; i < command.length; i++) {
            bytes[i] = command[i].getBytes(StandardCharsets.UTF_8);
        }
        buffer.add(bytes);
        write(buffer);
        return read();
    }

    /** Ends it at once, whoever is reading or writing. */
    void abort() {
        factory.close();
        var current = asking;
        if (current != null) {
            current.abort();
        }
    }

    /** Ends it for a reason of ours. */
    void giveUp(GivenUp why) {
        if (!factory.closed) {
            givenUp = why;
        }
        abort();
    }

    private Connection connection() {
        return Objects.requireNonNull(connection, "not open");
    }

    /** Makes one socket and no second. */
    private static final class OneSocket extends DefaultJedisSocketFactory {
        private volatile @Nullable Socket socket;
        private volatile boolean closed;

        OneSocket(JedisClientConfig client) {
            super(client);
        }

        @Override
        public Socket createSocket() {
            if (socket != null || closed) {
                throw new JedisConnectionException("the connection has ended");
            }
            socket = super.createSocket();
            if (closed) {
                close();
            }
            return Objects.requireNonNull(socket);
        }

        Socket socket() throws IOException {
            var current = socket;
            if (current == null) {
                throw new IOException("not connected");
            }
            return current;
        }

        void close() {
            closed = true;
            var current = socket;
            if (current != null) {
                try {
                    current.close();
                } catch (IOException e) {
                    // It ends anyway.
                }
            }
        }
    }
}
