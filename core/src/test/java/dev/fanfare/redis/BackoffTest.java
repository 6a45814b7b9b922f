package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisAccessControlException;

class BackoffTest {

    private static final Diagnosis ENDED = Diagnosis.of(new IOException("Connection refused"));
    private static final Diagnosis SILENT = Diagnosis.of(new SocketTimeoutException("Read timed out"));
    private static final Diagnosis WRONG = Diagnosis.of(new JedisAccessControlException("WRONGPASS no"));

    private final Settings settings = RedisBroadcaster.builder().settings();
    private final Backoff backoff = new Backoff(settings);

    private void assertNext(Diagnosis diagnosis, int millis) {
        var next = backoff.next(Duration.ZERO, diagnosis);
        assertTrue(next.toMillis() >= millis / 2 && next.toMillis() <= millis, next + " for " + millis);
    }

    @Test
    void doublesToASecondWhileRefusedAndToFiveWhileSilent() {
        assertNext(ENDED, 50);
        assertNext(ENDED, 100);
        assertNext(ENDED, 200);
        assertNext(ENDED, 400);
        assertNext(ENDED, 800);
        assertNext(ENDED, 1_000);
        assertNext(ENDED, 1_000);
        assertNext(SILENT, 5_000);
        assertNext(ENDED, 1_000);
    }

    @Test
    void aWrongConfigurationIsTriedSlowlyFromTheStart() {
        assertNext(WRONG, 5_000);
        assertNext(WRONG, 5_000);
    }

    @Test
    void aConnectionThatHeldBeginsAnew() {
        for (int n = 0; n < 10; n++) {
            backoff.next(Duration.ofSeconds(9), ENDED);
        }
        assertNext(ENDED, 1_000);
        assertTrue(backoff.next(Duration.ofSeconds(10), ENDED).toMillis() <= 50);
    }
}
