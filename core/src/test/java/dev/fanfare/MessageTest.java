package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageTest {

    @Test
    void textIsItsUtf8() throws Exception {
        var text = "a é € \uD83D\uDE00 \uFFFD";
        var message = Message.text(text);
        assertEquals(text, message.text());
        assertEquals(text, StandardCharsets.UTF_8.decode(message.buffer()).toString());
        assertEquals(text, Message.utf8(text.getBytes(StandardCharsets.UTF_8)).text());
        assertEquals(text.getBytes(StandardCharsets.UTF_8).length, message.size());
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        for (var bad : new byte[][] {
            {(byte) 0xFF}, {(byte) 0xC3}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xC0, (byte) 0xAF}
        }) {
            assertThrows(CharacterCodingException.class, () -> Message.utf8(bad));
        }
    }

    @Test
    void anUnpairedSurrogateIsRefusedWithItsPlace() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Message.text("\uD83D\uDE00ab\uDC00"))
                .getMessage()
                .contains("near character 4"));
    }

    @Test
    void aBinaryMessageIsACopy() {
        var bytes = new byte[] {1, 2, 3};
        var message = Message.binary(ByteBuffer.wrap(bytes));
        bytes[0] = 9;
        assertEquals(1, message.buffer().get(0));
    }

    @Test
    void attributesReplaceAttributesAndKeepThePayload() {
        var message = Message.text("x").with(Message.Attributes.key("k"));
        assertEquals("k", message.attributes().key());
        assertEquals("x", message.text());
    }
}
