package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the clock may have shown between two moments, although it was set in between. */
class MomentTest {

    private final Moment noon = new Moment(Instant.parse("2030-01-01T12:00:00Z"), 0);

    private void assertBetween(String earliest, String latest, Moment later) {
        assertEquals(Instant.parse(earliest), noon.earliest(later));
        assertEquals(Instant.parse(latest), noon.latest(later));
    }

    private static Moment tenSecondsLater(String clock) {
        return new Moment(Instant.parse(clock), 10_000_000_000L);
    }

    @Test
    void nobodySetIt() {
        assertBetween("2030-01-01T12:00:00Z", "2030-01-01T12:00:10Z", tenSecondsLater("2030-01-01T12:00:10Z"));
    }

    @Test
    void itWasSetBack() {
        assertBetween("2030-01-01T11:00:00Z", "2030-01-01T12:00:10Z", tenSecondsLater("2030-01-01T11:00:10Z"));
    }

    @Test
    void itWasSetForward() {
        assertBetween("2030-01-01T12:00:00Z", "2030-01-01T13:00:10Z", tenSecondsLater("2030-01-01T13:00:10Z"));
    }
}
