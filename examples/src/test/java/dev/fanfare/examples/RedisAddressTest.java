package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "redis://localhost | redis-cli",
                "redis://127.0.0.1:6379 | redis-cli",
                "REDIS://[::1]:6379 | redis-cli",
                "redis://localhost:6380 | redis-cli -u redis://localhost:6380",
                "redis://redis.example | redis-cli -u redis://redis.example",
                "redis://redis.example:6379/2 | redis-cli -u redis://redis.example:6379/2",
                "redis://[fe80::1]:6379 | redis-cli -u 'redis://[fe80::1]:6379'",
                "rediss://localhost:6379 | redis-cli -u rediss://localhost:6379",
                "redis://:secret@localhost:6379 | redis-cli -u redis://localhost:6379 --askpass",
                "redis://app:secret@localhost | redis-cli -u redis://localhost --user app --askpass",
                "redis://app:sec:ret@localhost | redis-cli -u redis://localhost --user app --askpass",
                "redis://a%27$b:secret@localhost | redis-cli -u redis://localhost --user 'a'\\''$b' --askpass",
                "redis://secret@localhost | redis-cli -u redis://localhost --askpass"
            })
    void aTerminalReachesItByOneCommandThatAsksForThePassword(String url, String command) {
        assertEquals(command, RedisAddress.of(url).terminal());
    }

    @ParameterizedTest
    @CsvSource({
        "redis://localhost, redis://localhost",
        "rediss://redis.example:6380/2, rediss://redis.example:6380/2",
        "redis://app:secret@localhost:6379, redis://app:***@localhost:6379",
        "redis://app:sec:ret@localhost, redis://app:***@localhost",
        "redis://:secret@localhost, redis://:***@localhost",
        "redis://secret@localhost, redis://:***@localhost",
        "redis://app:secret@localhost?password=secret#secret, redis://app:***@localhost"
    })
    void itIsShownWithoutItsPassword(String url, String shown) {
        assertEquals(shown, RedisAddress.of(url).shown());
    }
}
