package dev.fanfare.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;

/**
 * {@code redis[s]://[[user][:password]@]host[:port][/database]}, read by our own rules, because Jedis wants a port and
 * throws what it finds. It has no {@code toString} of its components: one of them is a password.
 */
final class RedisUri {

    private static final int DEFAULT_PORT = 6379;
    private static final String RULE = "expected redis[s]://[[user]:password@]host[:port][/database]";

    private final HostAndPort hostAndPort;
    private final boolean tls;
    private final @Nullable String user;
    private final @Nullable String password;

    private RedisUri(HostAndPort hostAndPort, boolean tls, @Nullable String user, @Nullable String password) {
        this.hostAndPort = hostAndPort;
        this.tls = tls;
        this.user = user;
        this.password = password;
    }

    /**
     * Reads {@code value}.
     *
     * @throws IllegalArgumentException if it breaks the rule; the message has no password in it
     */
    static RedisUri parse(String value) {
        URI uri;
        try {
            uri = new URI(value);
        } catch (URISyntaxException e) {
            // Not as the cause: it quotes the value, password and all.
            throw malformed(value, e.getReason());
        }
        boolean tls = "rediss".equalsIgnoreCase(uri.getScheme());
        if (!tls && !"redis".equalsIgnoreCase(uri.getScheme())) {
            throw malformed(value, "the scheme is neither redis nor rediss");
        }
        var host = uri.getHost();
        if (host == null) {
            throw malformed(value, "there is no host, or the port is not a number");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        if (port == 0 || port > 65_535) {
            throw malformed(value, "the port is not between 1 and 65535");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw malformed(value, "parameters are not supported");
        }
        var path = uri.getRawPath();
        if (path != null && !path.matches("(/[0-9]{0,9})?")) {
            throw malformed(value, "the database is not a number (a / or @ in a password is written %2F or %40)");
        }
        return withCredentials(value, uri, new HostAndPort(unbracketed(host), port), tls);
    }

    private static RedisUri withCredentials(String value, URI uri, HostAndPort hostAndPort, boolean tls) {
        var userInfo = uri.getRawUserInfo();
        if (userInfo == null || userInfo.isEmpty() || userInfo.equals(":")) {
            return new RedisUri(hostAndPort, tls, null, null);
        }
        int colon = userInfo.indexOf(':');
        if (colon < 0) {
            throw malformed(value, "there is a user without a password (for a password alone write :password@)");
        }
        var user = colon == 0 ? null : decode(userInfo.substring(0, colon));
        return new RedisUri(hostAndPort, tls, user, decode(userInfo.substring(colon + 1)));
    }

    HostAndPort hostAndPort() {
        return hostAndPort;
    }

    /**
     * What Jedis needs to connect. Neither HELLO nor CLIENT SETINFO nor SELECT is sent: channels know no databases, and
     * a user with few rights may lack these.
     */
    JedisClientConfig clientConfig() {
        return DefaultJedisClientConfig.builder()
                .sslOptions(tls ? SslOptions.defaults() : null)
                .user(user)
                .password(password)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .serverDefaultProtocol()
                .build();
    }

    private static String decode(String raw) {
        // URLDecoder takes a plus for a space, as in forms; in a URI it is a plus.
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static IllegalArgumentException malformed(String value, String why) {
        return new IllegalArgumentException("not a Redis URI: \"" + masked(value) + "\": " + why + "; " + RULE
                + ", for example redis://localhost:6379");
    }

    /** Everything between the scheme and the last {@code @} might hold a password, also where the URI is malformed. */
    static String masked(String value) {
        int at = value.lastIndexOf('@');
        if (at < 0) {
            return value;
        }
        int scheme = value.indexOf("://");
        return (scheme >= 0 && scheme < at ? value.substring(0, scheme + 3) : "") + "***" + value.substring(at);
    }
}
