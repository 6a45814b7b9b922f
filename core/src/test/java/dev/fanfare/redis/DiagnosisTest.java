package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

class DiagnosisTest {

    private static Diagnosis misconfigured(Throwable failure, String remedy) {
        var diagnosis = Diagnosis.of(failure);
        assertTrue(diagnosis.misconfigured(), diagnosis::toString);
        assertTrue(diagnosis.remedy().contains(remedy), diagnosis::remedy);
        return diagnosis;
    }

    @Test
    void wrongConfigurationsComeWithTheirRemedy() {
        misconfigured(new JedisDataException("NOPERM this user has no permissions"), "ACL SETUSER");
        misconfigured(new JedisDataException("ERR AUTH <password> called without any password"), "Redis has none");
        misconfigured(new JedisConnectionException("Unknown reply: \u0015"), "rediss://");
        misconfigured(new JedisConnectionException("Unknown reply: H"), "host and port");
        misconfigured(
                new JedisConnectionException(
                        new SSLHandshakeException("No subject alternative names matching IP address 127.0.0.1 found")),
                "host name");
        misconfigured(new SSLHandshakeException("Unsupported or unrecognized SSL message"), "redis:// instead");
        misconfigured(new SSLHandshakeException("PKIX path building failed"), "trust store");
    }

    @Test
    void outagesAreToldApartFromThem() {
        assertEquals(
                Diagnosis.Kind.ENDED,
                Diagnosis.of(new JedisDataException("LOADING Redis is loading")).kind());
        assertEquals(
                Diagnosis.Kind.SILENT,
                Diagnosis.of(new JedisConnectionException(new SocketTimeoutException()))
                        .kind());
        var unresolved = Diagnosis.of(new JedisConnectionException(new UnknownHostException("nowhere")));
        assertEquals("unknown host nowhere", unresolved.what());
        var refused = new JedisConnectionException("Failed to connect to any host");
        refused.addSuppressed(new ConnectException("Connection refused"));
        assertEquals("Connection refused", Diagnosis.of(refused).what());
        assertFalse(Diagnosis.of(refused).slow());
    }

    @Test
    void theExceptionSaysWhichRedisSinceWhenAndWhatIsDone() {
        var settings =
                RedisBroadcaster.builder().uri("redis://u:secret@[::1]:7000").settings();
        var since = Instant.parse("2030-01-02T03:04:05.678901Z");
        var outage = Diagnosis.of(new ConnectException("Connection refused")).exception(settings, since);
        assertEquals(
                "Redis at redis://[::1]:7000 cannot be reached since 2030-01-02T03:04:05.678Z: Connection refused;"
                        + " trying again at least every 1000 ms",
                outage.getMessage());
        var wrong = Diagnosis.of(new JedisDataException("WRONGPASS invalid username-password pair"))
                .exception(settings, since);
        assertInstanceOf(BroadcastException.Misconfigured.class, wrong);
        assertEquals(
                "Redis at redis://[::1]:7000 cannot be used since 2030-01-02T03:04:05.678Z: Redis says WRONGPASS invalid"
                        + " username-password pair; to do: correct user and password in the address; trying again at"
                        + " least every 5000 ms",
                wrong.getMessage());
    }

    @Test
    void silenceBehindTlsMayBeTheWrongScheme() {
        var settings = RedisBroadcaster.builder().uri("rediss://h").settings();
        var silent = Diagnosis.of(new SocketTimeoutException()).exception(settings, Instant.EPOCH);
        assertTrue(String.valueOf(silent.getMessage()).contains("is it redis:// perhaps?"), silent::getMessage);
    }
}
