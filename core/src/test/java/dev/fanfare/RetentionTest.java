package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionTest {

    @Test
    void numberAndAgeAreWithinTheirLimits() {
        assertThrows(IllegalArgumentException.class, () -> new History.Retention("a", 0, Duration.ofHours(1)));
        assertThrows(IllegalArgumentException.class, () -> new History.Retention("", 1, Duration.ofHours(1)));
        assertThrows(IllegalArgumentException.class, () -> new History.Retention("a", 1, Duration.ZERO));
    }

    @Test
    void patternsMatchWholeNames() {
        assertTrue(matches("room.*", "room.1"));
        assertTrue(matches("room.*", "room."));
        assertFalse(matches("room.*", "aroom.1"));
        assertFalse(matches("room", "room.1"));
        assertTrue(matches("*", ""));
        assertTrue(matches("a*b*c", "a-b-c"));
        assertFalse(matches("a*b*c", "a-c"));
        assertFalse(matches("ab*b", "ab"));
        assertTrue(matches("*.log", "x.log.log"));
    }

    private static boolean matches(String pattern, String channel) {
        return new History.Retention(pattern, 1, Duration.ofHours(1)).matches(channel);
    }
}
