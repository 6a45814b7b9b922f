package dev.fanfare.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Codec;
import dev.fanfare.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The build runs it with both versions of Jackson, and with each alone. */
class JsonTest {

    /** An event. */
    public record Said(String username, String content, int number) {}

    /** Another class for the same events, of a newer release. */
    public record SaidLater(String username, String content, int number, List<String> tags) {}

    private static final String JACKSON = System.getProperty("jackson", "both");

    private static String json(Message message) {
        return ((Message.Text) message).text();
    }

    @Test
    void theVersionThatIsThereIsUsed() {
        boolean two = Json.codec(Said.class) instanceof Jackson2Codec;
        assertEquals(JACKSON.equals("2"), two);
        assertEquals(
                JACKSON.equals("2") || JACKSON.equals("both"), isThere("com.fasterxml.jackson.databind.ObjectMapper"));
        assertEquals(JACKSON.equals("3") || JACKSON.equals("both"), isThere("tools.jackson.databind.ObjectMapper"));
    }

    private static boolean isThere(String type) {
        try {
            Class.forName(type);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Test
    void anEventIsItsJsonAndBack() {
        var codec = Json.codec(Said.class);
        var event = new Said("Älice 👋🏽", "\"Hello\"\n", 7);
        var message = codec.encode(event);
        assertEquals("{\"username\":\"Älice 👋🏽\",\"content\":\"\\\"Hello\\\"\\n\",\"number\":7}", json(message));
        assertEquals(event, codec.decode(message));
        assertEquals(
                event,
                codec.decode(Message.text(
                        " {\"number\":7, \"username\":\"Älice 👋🏽\",\"content\":\"\\\"Hello\\\"\\n\"} ")));
    }

    @Test
    void nodesWithAnOlderAndANewerClassUnderstandEachOther() {
        var older = Json.codec(Said.class);
        var newer = Json.codec(SaidLater.class);
        assertEquals(new Said("a", "b", 1), older.decode(newer.encode(new SaidLater("a", "b", 1, List.of("x")))));
        for (var less : List.of("{}", "{\"number\":null}")) {
            assertEquals(new Said(null, null, 0), older.decode(Message.text(less)), "the class does not insist");
        }
        assertEquals("a", newer.decode(older.encode(new Said("a", "b", 1))).username());
    }

    @Test
    void whatIsNoEventIsRefusedWithTheClass() {
        var codec = Json.codec(Said.class);
        for (var garbage : List.of(
                "",
                "hello",
                "null",
                "7",
                "[]",
                "\"text\"",
                "{",
                "{\"username\":",
                "{} {}",
                "{\"username\":{},\"number\":1}",
                "{\"number\":1} trailing",
                "[".repeat(100_000))) {
            var refusal =
                    assertThrows(IllegalArgumentException.class, () -> codec.decode(Message.text(garbage)), garbage);
            assertTrue(refusal.getMessage().contains("Said"), refusal.getMessage());
        }
        var binary = Message.binary(
                ByteBuffer.wrap(json(codec.encode(new Said("a", "b", 1))).getBytes(StandardCharsets.UTF_8)));
        assertThrows(IllegalArgumentException.class, () -> codec.decode(binary));
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        Codec<Said> codec = Json.codec(Said.class);
        assertThrows(IllegalArgumentException.class, () -> codec.encode(new Said("a", "\uD800", 1)));
    }
}
