package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuestRestTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // as System.nanoTime, which may pass it
    private final GuestRest rest = new GuestRest(clock::get);

    private void turn(long micros, boolean toMany) {
        rest.turnBegins();
        clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(micros));
        rest.turnEnds(toMany);
    }

    private long micros() {
        return TimeUnit.NANOSECONDS.toMicros(rest.nanos());
    }

    @Test
    void whatComesWithinTwiceTheRestWaits() {
        assertEquals(0, micros());
        turn(2_000, true);
        assertEquals(2_000, micros());
        clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(4_000) - 1);
        assertEquals(2_000, micros());
        clock.addAndGet(1);
        assertEquals(0, micros());
    }

    @Test
    void restIsFromHalfAMillisecondToThree() {
        turn(499, true);
        assertEquals(0, micros());
        turn(500, true);
        assertEquals(500, micros());
        turn(3_001, true);
        assertEquals(3_000, micros());
    }

    @Test
    void shortTurnOrOneForFewEndsTheRest() {
        turn(2_000, true);
        turn(2_000, false);
        assertEquals(0, micros());
        turn(2_000, true);
        turn(100, true);
        assertEquals(0, micros());
    }
}
