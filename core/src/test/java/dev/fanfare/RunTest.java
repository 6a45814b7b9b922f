package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunTest {

    private static byte[] bytesOf(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static Message binary(int size) {
        var payload = new byte[size];
        Arrays.fill(payload, (byte) 7);
        return Message.binary(ByteBuffer.wrap(payload));
    }

    /** RFC 6455, section 5.2: the shortest form of a length, and no other, is allowed. */
    @ParameterizedTest
    @CsvSource({
        "0, 8200",
        "125, 827d",
        "126, 827e007e",
        "65535, 827effff",
        "65536, 827f0000000000010000",
        "1048576, 827f0000000000100000"
    })
    void headerHasTheShortestFormOfTheLength(int size, String header) {
        var frames = bytesOf(Run.of(binary(size)).frames());
        var hex = new StringBuilder();
        for (int i = 0; i < header.length() / 2; i++) {
            hex.append(String.format("%02x", frames[i]));
        }
        assertEquals(header, hex.toString());
        assertEquals(header.length() / 2 + size, frames.length);
        assertEquals(size == 0 ? (byte) 0x00 : (byte) 7, frames[frames.length - 1]);
    }

    @Test
    void framesOfTextAndBinaryStandOneBehindTheOther() {
        var run = new Run(
                List.of(Message.text("é"), Message.binary(ByteBuffer.wrap(new byte[] {1, 2})), Message.text("")));
        assertArrayEquals(
                new byte[] {(byte) 0x81, 2, (byte) 0xC3, (byte) 0xA9, (byte) 0x82, 2, 1, 2, (byte) 0x81, 0},
                bytesOf(run.frames()));
    }

    @Test
    void sliceSharesTheFramesOfItsRun() {
        var run = new Run(List.of(Message.text("a"), Message.text("bc"), Message.text("d"), Message.text("e")));
        var middle = run.slice(1, 4).slice(0, 2);
        assertEquals(2, middle.size());
        assertEquals(3, middle.bytes());
        assertArrayEquals(
                "\u0081\u0002bc\u0081\u0001d".getBytes(StandardCharsets.ISO_8859_1), bytesOf(middle.frames()));
        assertSame(run.frames().array(), middle.frames().array());
        assertThrows(IllegalArgumentException.class, () -> run.slice(2, 2));
    }

    @Test
    void everyViewHasItsOwnPosition() {
        var run = Run.of(Message.text("abc"));
        var read = run.frames();
        read.position(read.limit());
        assertEquals(5, run.frames().remaining());
        assertNotSame(read, run.frames());
    }
}
