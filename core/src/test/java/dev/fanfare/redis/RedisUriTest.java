package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUriTest {

    @ParameterizedTest
    @CsvSource({
        "redis://localhost, localhost:6379",
        "redis://localhost/, localhost:6379",
        "redis://localhost:7000/3, localhost:7000",
        "REDIS://10.0.0.1:1, 10.0.0.1:1",
        "redis://[::1]:7000, ::1:7000",
        "redis://@h, h:6379",
        "redis://:@h, h:6379",
        "rediss://redis.example.com, redis.example.com:6379",
    })
    void findsHostAndPort(String uri, String expected) {
        assertEquals(expected, RedisUri.parse(uri).hostAndPort().toString());
    }

    @Test
    void decodesUserAndPassword() {
        var both = RedisUri.parse("redis://al%40ice:p%3Aw%401+2@h").clientConfig();
        assertEquals("al@ice", both.getUser());
        assertEquals("p:w@1+2", both.getPassword());
        var passwordAlone = RedisUri.parse("redis://:pw@h").clientConfig();
        assertNull(passwordAlone.getUser());
        assertEquals("pw", passwordAlone.getPassword());
        assertNull(RedisUri.parse("redis://h").clientConfig().getPassword());
    }

    @Test
    void encryptsWhereTheSchemeSaysSo() {
        assertNotNull(RedisUri.parse("rediss://h").clientConfig().getSslOptions());
        assertNull(RedisUri.parse("redis://h").clientConfig().getSslOptions());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:6379",
                "http://localhost",
                "redis://",
                "redis:///0",
                "redis://h:port",
                "redis://h:0",
                "redis://h:65536",
                "redis://h/db",
                "redis://h/0/1",
                "redis://h?protocol=3",
                "redis://h#x",
                "redis://user@h",
                "redis://h h",
                "redis://:p%zz@h",
                "redis://a:b,c:d"
            })
    void refusesWhatBreaksTheRule(String uri) {
        var failure = assertThrows(IllegalArgumentException.class, () -> RedisBroadcaster.connect(uri));
        assertTrue(String.valueOf(failure.getMessage()).contains("expected redis[s]://"), failure::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"redis://:topsecret@h:port", "redis://u:topsecret@h h", "http://u:topsecret@h", "topsecret@h"})
    void neverShowsAPassword(String uri) {
        var failure = assertThrows(IllegalArgumentException.class, () -> RedisBroadcaster.connect(uri));
        assertFalse(String.valueOf(failure.getMessage()).contains("topsecret"), failure::getMessage);
        assertNull(failure.getCause());
    }

    @Test
    void connectsToNothingBeforeItIsStarted() {
        try (var broadcaster = RedisBroadcaster.connect("redis://:secret@redis.invalid")) {
            assertEquals("RedisBroadcaster[redis://redis.invalid:6379]", broadcaster.toString());
            assertThrows(IllegalStateException.class, () -> broadcaster.subscribe("chat"));
        }
    }
}
