package dev.fanfare.json;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The build runs it with no Jackson on the class path. */
class NoJacksonTest {

    @Test
    void theErrorNamesTheDependencyToAdd() {
        var failure = assertThrows(IllegalStateException.class, () -> Json.codec(String.class));
        assertTrue(failure.getMessage().contains("tools.jackson.core:jackson-databind"), failure.getMessage());
        assertTrue(failure.getMessage().contains("com.fasterxml.jackson.core:jackson-databind"), failure.getMessage());
    }
}
