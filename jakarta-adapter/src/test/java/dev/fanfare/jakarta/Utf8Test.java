package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8Test {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u007f\u0080", "é", "\u07ff\u0800", "€", "\ud7ff\ue000", "😀", "a😀é€"})
    void bytesAreThoseOfTheEncoding(String text) {
        assertEquals(text.getBytes(StandardCharsets.UTF_8).length, Utf8.bytes(text));
    }
}
