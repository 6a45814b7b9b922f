package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.PublicSurface;
import dev.fanfare.fixtures.Sources;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
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
        assertTrue(topLevel.size() <= 22, () -> topLevel.size() + " public types, at most 22: " + topLevel);
    }

    @Test
    void portsDoNotGrow() {
        assertTrue(methods(Broadcaster.class) <= 5, "methods of Broadcaster");
        assertTrue(methods(ClientSession.class) <= 5, "methods of ClientSession");
    }

    /** Without the one that the coverage agent adds. */
    private static long methods(Class<?> port) {
        return Stream.of(port.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .count();
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
