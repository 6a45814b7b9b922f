package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void anEmptyEnvironmentMeansTwoNodesOnTomcatAndARedisOfOurOwn() {
        Settings settings = Settings.of(Map.of());

        assertEquals(List.of(3000, 4000), settings.ports());
        assertNull(settings.redisUrl());
        assertInstanceOf(TomcatContainer.class, settings.container().get());
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        Settings settings = Settings.of(Map.of("PORT", "", "REDIS_URL", " ", "CONTAINER", ""));

        assertEquals(List.of(3000, 4000), settings.ports());
        assertNull(settings.redisUrl());
        assertInstanceOf(TomcatContainer.class, settings.container().get());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"5000 | 5000", "' 5000 ' | 5000", "5000,6000 | 5000 6000", "1, 65535 | 1 65535", "0,0 | 0 0"})
    void portTakesOneOrSeveral(String value, String expected) {
        List<Integer> ports =
                Stream.of(expected.split(" ")).map(Integer::valueOf).toList();

        assertEquals(ports, Settings.of(Map.of("PORT", value)).ports());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "-1",
                "65536",
                "99999999999",
                "3000,",
                ",",
                "3000;4000",
                "3000,3000",
                "3e3",
                "٣٠٠٠",
                "30\n00"
            })
    void aWrongPortIsRefusedInOneLineThatSaysWhatToSet(String value) {
        assertRefused(Map.of("PORT", value), "PORT", "1 to 65535");
    }

    @Test
    void nodesAreThePortsOfOthers() {
        assertEquals(List.of(), Settings.of(Map.of()).others());
        assertEquals(
                List.of(5000, 6000), Settings.of(Map.of("NODES", "5000, 6000")).others());
        for (String wrong : List.of("0", "x", "5000;6000", "localhost:5000", "70000", ",")) {
            assertRefused(Map.of("NODES", wrong), "NODES", "1 to 65535");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "redis://localhost:6379/2",
                "rediss://user:pass@redis.example:6380",
                "REDIS://[::1]:1"
            })
    void redisUrlIsTakenAsItIs(String value) {
        assertEquals(value, Settings.of(Map.of("REDIS_URL", value)).redisUrl());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:6379",
                "http://localhost:6379",
                "redis://",
                "redis:/localhost",
                "redis://a b",
                "redis://localhost:99999",
                "redis://localhost:port"
            })
    void aMalformedRedisUrlIsRefusedInOneLineThatSaysWhatToSet(String value) {
        assertRefused(Map.of("REDIS_URL", value), "REDIS_URL", "redis://host:6379");
    }

    @Test
    void aMalformedRedisUrlIsNotRepeatedBecauseItMayHoldAPassword() {
        Map<String, String> environment = Map.of("REDIS_URL", "redis//:secret@localhost");
        String message = assertThrows(InvalidSettingException.class, () -> Settings.of(environment))
                .getMessage();

        assertFalse(String.valueOf(message).contains("secret"), message);
    }

    @Test
    void containerChoosesTheContainer() {
        assertInstanceOf(
                JettyContainer.class,
                Settings.of(Map.of("CONTAINER", "Jetty")).container().get());
        assertInstanceOf(
                TomcatContainer.class,
                Settings.of(Map.of("CONTAINER", "tomcat")).container().get());
        assertInstanceOf(
                UndertowContainer.class,
                Settings.of(Map.of("CONTAINER", "undertow")).container().get());
        assertInstanceOf(
                TyrusContainer.class,
                Settings.of(Map.of("CONTAINER", "tyrus")).container().get());
        assertRefused(Map.of("CONTAINER", "websphere"), "CONTAINER=websphere", "tomcat, jetty, undertow or tyrus");
    }

    private static void assertRefused(Map<String, String> environment, String... said) {
        String message = String.valueOf(assertThrows(InvalidSettingException.class, () -> Settings.of(environment))
                .getMessage());

        assertEquals(1, message.lines().count(), message);
        for (String part : said) {
            assertTrue(message.contains(part), message);
        }
    }
}
