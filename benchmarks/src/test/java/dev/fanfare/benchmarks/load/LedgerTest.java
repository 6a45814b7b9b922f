package dev.fanfare.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes wrong on the way to a session is seen. */
class LedgerTest {

    private static final Traffic TRAFFIC = new Traffic(2, 1, 2, 1, 0, 128, 0, 0);

    private final Ledger ledger = new Ledger();
    private final Connection session = session(0);

    private static Connection session(int room) {
        try {
            return new Connection(new Crowd(List.of(1), TRAFFIC), Connection.Kind.COUNTED, 1, room, 2);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void deliver(int publisher, long... numbers) {
        for (long number : numbers) {
            var mark = ByteBuffer.allocate(Mark.BYTES);
            Mark.put(mark, publisher, number, 1_000);
            ledger.delivered(session, Mark.decode(mark.getLong(0)), Mark.decode(mark.getLong(8)), 3_000);
        }
    }

    @Test
    void everyPublishersOrderIsItsOwn() {
        deliver(0, 0, 1);
        deliver(1, 0);
        deliver(0, 2);
        assertEquals(List.of(4L, 0L, 0L), List.of(ledger.delivered(), ledger.lost(), ledger.wrong()));
    }

    @Test
    void lossIsSeen() {
        deliver(0, 0, 1, 4);
        assertEquals(2, ledger.lost());
    }

    @Test
    void lossAtTheEndIsSeen() {
        deliver(0, 0);
        ledger.missing(session, 0, 3);
        assertEquals(2, ledger.lost());
    }

    @Test
    void duplicatesAreSeen() {
        deliver(0, 0, 1, 1);
        assertEquals(1, ledger.wrong());
    }

    @Test
    void disorderIsSeen() {
        deliver(0, 1, 0, 2);
        assertEquals(1, ledger.wrong());
        assertEquals(1, ledger.lost());
    }

    @Test
    void messagesOfAChannelThatWasNotJoinedAreSeen() {
        assertThrows(IllegalStateException.class, () -> deliver(2, 0));
        assertThrows(IllegalStateException.class, () -> session(1).localPublisher(0));
    }

    @Test
    void marksSurviveTheWayAndAreText() {
        var mark = ByteBuffer.allocate(Mark.BYTES);
        Mark.put(mark, 4_094, (1L << 36) - 2, -5);
        long head = Mark.decode(mark.getLong(0));
        assertEquals(4_094, Mark.publisher(head));
        assertEquals((1L << 36) - 2, Mark.number(head));
        assertEquals(12, Mark.nanosSince(Mark.decode(mark.getLong(8)), 7));
        for (byte b : mark.array()) {
            assertTrue(b >= '0' && b <= 'o', "byte " + b);
        }
    }

    @Test
    void shareOfLatenciesIsWithinItsBucket() {
        var histogram = new Histogram();
        for (int i = 1; i <= 1_000; i++) {
            histogram.record(i * 1_000_000L);
        }
        assertEquals(500, histogram.millis(0.5), 500 * 0.016);
        assertEquals(990, histogram.millis(0.99), 990 * 0.016);
    }
}
