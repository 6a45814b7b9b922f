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
                "{\"a\":null}",
                "{\"a\":[1]}",
                "{\"a\":-1}",
                "{\"a\":01}",
                "{\"a\":1.5}",
                "{\"a\":1e3}",
                "{\"a\":1234567890123456}",
                "{\"a\":tru}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":{\"b\":{}}}",
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
    void tooManyNamesAreRefused() {
        var text = new StringBuilder("{\"0\":0");
        for (int i = 1; i <= 1_000; i++) {
            text.append(",\"").append(i).append("\":0");
        }
        assertThrows(MalformedFrameException.class, () -> FrameReader.read(text + "}"));
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
