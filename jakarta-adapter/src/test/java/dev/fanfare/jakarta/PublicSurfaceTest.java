package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.PublicSurface;
import dev.fanfare.fixtures.Sources;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What this module offers stays small, and changes only on purpose. */
class PublicSurfaceTest {

    @Test
    void surfaceIsTheOneThatWasAgreed() throws IOException {
        PublicSurface.check();
    }

    @Test
    void publicTypesAreFew() {
        var topLevel = PublicSurface.types().stream()
                .filter(type -> type.getEnclosingClass() == null)
                .toList();
        assertTrue(topLevel.size() <= 9, () -> topLevel.size() + " public types, at most 9: " + topLevel);
    }

    @Test
    void noFileIsLongerThanFourHundredLines() {
        assertEquals(List.of(), Sources.longerThan(400));
    }

    @Test
    void everythingOfferedHasAComment() {
        assertEquals(List.of(), Sources.withoutComment());
    }
}
