package dev.fanfare.redis;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

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
    private final OneSocket factory;
    private @Nullable Connection connection;
    private volatile boolean late;

    RedisLink(Settings settings) {
        // RESP2 on purpose: without HELLO it is what every server speaks first, and the pushes of RESP3 belong to
        // Jedis.
        client = DefaultJedisClientConfig.builder()
                .from(settings.client())
                .serverDefaultProtocol()
                .build();
        factory = new OneSocket(settings.resolve(), client);
    }

    /**
     * Blocks until the connection is open and authenticated, for at most the client configuration's timeouts.
     *
     * @throws redis.clients.jedis.exceptions.JedisException if it cannot be
     */
    void open() {
        connection = new Connection(factory, client);
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
            return connection().getUnflushedObject();
        } catch (JedisConnectionException e) {
            throw late ? new JedisConnectionException(new SocketTimeoutException("no answer in time")) : e;
        }
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
    }

    /** Ends it because an answer is overdue. */
    void abortLate() {
        late = true;
        abort();
    }

    private Connection connection() {
        return Objects.requireNonNull(connection, "not open");
    }

    /** Makes one socket and no second. */
    private static final class OneSocket extends DefaultJedisSocketFactory {
        private volatile @Nullable Socket socket;
        private volatile boolean closed;

        OneSocket(HostAndPort hostAndPort, JedisClientConfig client) {
            super(hostAndPort, client);
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
