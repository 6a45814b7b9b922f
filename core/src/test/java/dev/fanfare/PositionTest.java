package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PositionTest {

    @Test
    void textAndBack() {
        var position = new Position(Long.MAX_VALUE, 42);
        assertEquals("9223372036854775807-42", position.toString());
        assertEquals(position, Position.parse(position.toString()));
        assertEquals(Position.START, Position.parse("0-0"));
    }

    @Test
    void whatIsNoPositionIsNamed() {
        for (var text :
                List.of("", "-", "1", "1-", "-1", "1-2-3", "a-1", "1--1", "+1-1", "9223372036854775808-1", " 1-1")) {
            var refusal = assertThrows(IllegalArgumentException.class, () -> Position.parse(text), text);
            assertTrue(String.valueOf(refusal.getMessage()).startsWith("not a position: \"" + text + "\""), text);
        }
        assertThrows(IllegalArgumentException.class, () -> new Position(-1, 1));
    }

    @Test
    void offsetsOfDifferentEpochsAreNotCompared() {
        assertTrue(new Position(2, 1).isAfter(new Position(1, 9)));
        assertFalse(new Position(1, 9).isAfter(new Position(2, 1)));
        assertTrue(new Position(1, 9).follows(new Position(1, 8)));
        assertFalse(new Position(2, 9).follows(new Position(1, 8)));
    }
}
