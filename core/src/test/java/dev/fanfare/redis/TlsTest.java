package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster;
import dev.fanfare.BroadcasterContract;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.Certificates;
import dev.fanfare.fixtures.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.SslOptions;

/** The contract over TLS, with a certificate on both sides, for a user who may do what docs/operations.md says. */
class TlsTest extends BroadcasterContract {

    @TempDir
    static Path directory;

    private static Certificates server;
    private static Certificates client;
    private static RedisServer redis;
    private static int tlsPort;

    @BeforeAll
    static void startRedis() throws Exception {
        server = Certificates.create(directory, "server", "dns:localhost");
        client = Certificates.create(directory, "client", "dns:somebody");
        redis = startOn(server, client);
        redis.command(DocumentedRightsTest.documented());
    }

    private static RedisServer startOn(Certificates server, Certificates client) {
        var plain = RedisServer.start();
        plain.command(
                "CONFIG",
                "SET",
                "tls-cert-file",
                server.certificate().toString(),
                "tls-key-file",
                server.key().toString(),
                "tls-ca-cert-file",
                client.certificate().toString());
        tlsPort = RedisServer.freePort();
        plain.command("CONFIG", "SET", "tls-port", Integer.toString(tlsPort));
        return plain;
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private static RedisBroadcaster.Builder builder(String host, Certificates trusted, @Nullable Certificates shown) {
        var ssl = SslOptions.builder()
                .truststore(trusted.trustStore().toFile(), Certificates.PASSWORD.toCharArray())
                .trustStoreType("PKCS12");
        if (shown != null) {
            ssl.keystore(shown.keyStore().toFile(), Certificates.PASSWORD.toCharArray())
                    .keyStoreType("PKCS12");
        }
        var config = DefaultJedisClientConfig.builder()
                .user("app")
                .password("secret")
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .sslOptions(ssl.build())
                .build();
        return RedisBroadcaster.builder()
                .address(new HostAndPort(host, tlsPort), config)
                .prefix("shop:");
    }

    @Override
    protected List<? extends Broadcaster> nodes(int count) {
        return Stream.generate(() -> builder("localhost", server, client)
                        .linger(Duration.ofMillis(1))
                        .build())
                .limit(count)
                .toList();
    }

    private static BroadcastException misconfigured(RedisBroadcaster.Builder builder) {
        return assertInstanceOf(BroadcastException.Misconfigured.class, cause(builder));
    }

    private static BroadcastException cause(RedisBroadcaster.Builder builder) {
        try (var broadcaster = builder.build()) {
            var node = Node.start(broadcaster);
            Await.until("an explanation", () -> !node.causes.isEmpty());
            return node.causes.get(0);
        }
    }

    @Test
    void aNameThatTheCertificateDoesNotHaveIsAConfigurationError() {
        OwnRedis.assertSays(
                "use a host name that the certificate", misconfigured(builder("127.0.0.1", server, client)));
    }

    @Test
    void anUnknownAuthorityIsAConfigurationError() {
        OwnRedis.assertSays("trust store", misconfigured(builder("localhost", client, client)));
        OwnRedis.assertSays(
                "trust store",
                misconfigured(RedisBroadcaster.builder().uri("rediss://app:secret@localhost:" + tlsPort)));
    }

    @Test
    void theWrongSchemeAndAMissingCertificateOfTheClientAreNamedAsPossibleCauses() {
        OwnRedis.assertSays("rediss://", cause(RedisBroadcaster.builder().uri("redis://localhost:" + tlsPort)));
        OwnRedis.assertSays("certificate", cause(builder("localhost", server, null)));
    }

    @Test
    void nothingIsRefusedThatTheDocumentedRightsDoNotGive() {
        assertEquals("", redis.command("ACL", "LOG"));
    }
}
