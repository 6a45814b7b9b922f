package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {

    @Test
    void framesAreRead() throws Exception {
        assertEquals(Map.of(), FrameReader.read(" {\t}\r\n"));
        assertEquals(
                Map.of("a", "x", "b", 0L, "c", true, "d", Map.of("e", false, "f", 123_456_789_012_345L)),
                FrameReader.read("{\"a\":\"x\",\"b\":0,\"c\":true,\"d\":{\"e\":false,\"f\":123456789012345}}"));
        assertEquals(
                Map.of("\"\\/\b\f\n\r\t", "ü👋👋"),
                FrameReader.read("{\"\\\"\\\\\\/\\b\\f\\n\\r\\t\":\"\\u00FC\\uD83D\\udc4b👋\"}"));
    }

    @Test
    void everythingElseIsRefused() {
        for (var text : List.of(
                "",
                " ",
                "{",
                "}",
                "[]",
                "null",
                "\"a\"",
                "{}{}",
                "{} x",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":\"x}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\u0000\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\ud83d\"}",
                "{\"a\":\"\\udc4b\"}",
                "\ufeff{}",
                "{\"a\":1}//",
                "{\"a\":\"\\")) {
            var refusal = assertThrows(MalformedFrameException.class, () -> FrameReader.read(text), text);
            assertTrue(
                    refusal.getMessage()
                            .matches("the frame has (the end|\"..?\") at character \\d+: it must have .* there"),
                    refusal.getMessage());
        }
    }

    @Test
    void aValueThatMayNotBeIsToldWithItsNameAndTheRule() {
        var any = "a string, a whole number, true, false or an object";
        var number = "a whole number of 1 to 15 digits that begins with no zero";
        Map.of(
                        "{\"a\":null}", "\"a\" is null: it must be " + any,
                        "{\"last\": tru , \"b\":1}", "\"last\" is tru: it must be " + any,
                        "{\"a\":[\"x\", 1],\"b\":1}", "\"a\" is [\"x\", 1]: it must be " + any,
                        "{\"a\":['\n", "\"a\" is [': it must be " + any,
                        "{\"a\":-1}", "\"a\" is -1: it must be " + number,
                        "{\"a\":1.5}", "\"a\" is 1.5: it must be " + number,
                        "{\"a\":1e3,\"b\":1}", "\"a\" is 1e3: it must be " + number,
                        "{\"a\":01}", "\"a\" is 01: it must be " + number,
                        "{\"a\":1234567890123456}", "\"a\" is 1234567890123456: it must be " + number,
                        "{\"a\":{\"b\":{\"c\":1}}}",
                                "\"b\" is {\"c\":1}: it must be a string, a whole number, true or false")
                .forEach(FrameReaderTest::assertRefused);
        assertRefused("{\"a\":" + "x".repeat(100) + "}", "\"a\" is " + "x".repeat(40) + "…: it must be " + any);
    }

    @Test
    void aNameThatComesAgainIsToldWithItsPlace() {
        assertRefused(
                "{\"type\":\"hello\", \"type\":\"hello\"}",
                "the frame has \"type\" again at character 17: it must have every name once");
        assertRefused(
                "{\"positions\":{\"a\":\"1-1\",\"\\u0061\":\"1-2\"}}",
                "the frame has \"a\" again at character 24: it must have every name once");
    }

    private static void assertRefused(String text, String reason) {
        assertEquals(
                reason,
                assertThrows(MalformedFrameException.class, () -> FrameReader.read(text), text)
                        .getMessage());
    }

    @Test
    void tooManyNamesAreRefused() {
        var text = new StringBuilder("{\"0\":0");
        for (int i = 1; i <= 1_000; i++) {
            text.append(",\"").append(i).append("\":0");
        }
        assertRefused(text + "}", "an object of the frame has more than 1000 names: at most 1000 are allowed");
    }

    /** Whatever comes, it is a frame or refused. */
    @Test
    void noTextMakesItThrowAnythingElse() {
        var random = new Random(1);
        var alphabet = "{}\":,\\u0d8ntrue1 \n\ud83d";
        for (int i = 0; i < 200_000; i++) {
            var text = new StringBuilder("{\"");
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                FrameReader.read(text.toString());
            } catch (MalformedFrameException e) {
                assertFalse(e.getMessage().isEmpty());
            }
        }
    }
}
