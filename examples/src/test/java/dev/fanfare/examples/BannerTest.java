package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BannerTest {

    @Test
    void namesEveryNodeAndTheRedisAndHowToTakePart() {
        String text = new Banner(List.of(3000, 4000), "redis://127.0.0.1:6379", true, "java -jar chat.jar").text();

        assertTrue(text.contains("http://localhost:3000\n"), text);
        assertTrue(text.contains("http://localhost:4000\n"), text);
        assertTrue(text.contains("redis-cli -u redis://127.0.0.1:6379 PUBLISH chat hello"), text);
        assertTrue(text.contains(" PORT=5000 REDIS_URL=redis://127.0.0.1:6379 java -jar chat.jar\n"), text);
    }

    @ParameterizedTest
    @CsvSource({"3000, 4000", "5000, 6000", "64536, 64535", "65535, 65534"})
    void proposesAPortThatIsNoneOfItsOwn(int port, int proposed) {
        String text = new Banner(List.of(port), "redis://127.0.0.1:6379", true, "mvn exec:java").text();

        assertTrue(text.contains(" PORT=" + proposed + " "), text);
    }

    @Test
    void keepsThePasswordToItself() {
        String text =
                new Banner(List.of(3000), "redis://user:secret@redis.example:6379", false, "mvn exec:java").text();

        assertFalse(text.contains("secret"), text);
        assertTrue(text.contains("redis.example:6379"), text);
    }
}
