package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BannerTest {

    private static String banner(List<Integer> ports, String redis, boolean reached) {
        return new Banner(ports, RedisAddress.of(redis), false, reached, "java -jar chat.jar").text();
    }

    @Test
    void namesEveryNodeAndTheRedisAndHowToTakePart() {
        String text = banner(List.of(3000, 4000), "redis://127.0.0.1:7000", true);

        assertTrue(text.contains("The chat is running."), text);
        assertTrue(text.contains("http://localhost:3000\n"), text);
        assertTrue(text.contains("http://localhost:4000\n"), text);
        assertTrue(text.contains("redis-cli -u redis://127.0.0.1:7000 PUBLISH chat hello"), text);
        assertTrue(text.contains(" PORT=5000 REDIS_URL=redis://127.0.0.1:7000 java -jar chat.jar\n"), text);
    }

    @ParameterizedTest
    @CsvSource({"3000, 4000", "5000, 6000", "64536, 64535", "65535, 65534"})
    void proposesAPortThatIsNoneOfItsOwn(int port, int proposed) {
        String text = banner(List.of(port), "redis://127.0.0.1:6379", true);

        assertTrue(text.contains(" PORT=" + proposed + " "), text);
    }

    @Test
    void saysThatRedisIsNotReachedAndWhatToDo() {
        String text = banner(List.of(3000), "redis://app:secret@redis.example:6379", false);

        assertFalse(text.contains("is running"), text);
        assertTrue(text.contains("does not reach its Redis"), text);
        assertTrue(text.contains("redis://app:***@redis.example:6379\n"), text);
        assertTrue(text.contains("go on trying"), text);
        assertTrue(text.contains("start that Redis"), text);
        assertFalse(text.contains("secret"), text);
        assertFalse(text.contains("PUBLISH"), text);
    }

    @Test
    void keepsThePasswordToItselfAndSaysWhereItBelongs() {
        String text = banner(List.of(3000), "redis://app:secret@redis.example:6379", true);

        assertFalse(text.contains("secret"), text);
        assertTrue(
                text.contains("redis-cli -u redis://redis.example:6379 --user app --askpass PUBLISH chat hello\n"),
                text);
        assertTrue(
                text.contains("REDIS_URL=redis://app:***@redis.example:6379 java -jar chat.jar"
                        + "  (with the password for ***)\n"),
                text);
    }
}
