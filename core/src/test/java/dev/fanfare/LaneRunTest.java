package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who comes and goes while messages wait for one run; a lane whose turns the test takes. */
class LaneRunTest {

    private final Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
    private final ManualBroadcaster carrier = new ManualBroadcaster();
    private final Hub hub = hub();
    private final Executor lane = turns::add;
    private final RunTaker first = new RunTaker("first", lane);
    private final RunTaker second = new RunTaker("second", lane);

    private Hub hub() {
        var builder = Hub.builder(carrier).closeTimeout(Duration.ofMillis(100));
        builder.settings.clock = () -> 0; // no turn takes so long that the lane rests
        return builder.build();
    }

    @BeforeEach
    void open() throws Exception {
        hub.open(first);
        hub.open(second);
        join(first);
    }

    @AfterEach
    void close() {
        hub.ended(first);
        hub.ended(second);
        run();
        hub.close();
    }

    private void join(RunTaker session) throws Exception {
        var joined = hub.join(session, "chat");
        carrier.confirm("chat");
        Await.until("joined", () -> {
            run();
            return joined.isDone();
        });
        get(joined);
    }

    private void run() {
        for (var turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
        }
    }

    private void deliver(String text) {
        deliver(Message.text(text));
    }

    private void deliver(Message message) {
        carrier.receiver().message("chat", message, null);
    }

    @Test
    void joiningSessionGetsItsPartOfARunThatItDoesNotCut() throws Exception {
        deliver("1");
        hub.join(second, "chat");
        deliver("2");
        run();
        assertEquals(List.of(List.of("1", "2")), first.taken());
        assertEquals(List.of(List.of("2")), second.taken());
        deliver("3");
        run();
        assertEquals(List.of(List.of("2"), List.of("3")), second.taken());
    }

    @Test
    void joiningSessionGetsNothingOfWhatCameBefore() throws Exception {
        deliver("1");
        hub.join(second, "chat");
        run();
        assertEquals(List.of(List.of("1")), first.taken());
        assertEquals(List.of(), second.taken());
    }

    @Test
    void sessionThatHasEndedCutsNoRun() throws Exception {
        join(second);
        deliver("1");
        hub.ended(second);
        deliver("2");
        run();
        assertEquals(List.of(List.of("1", "2")), first.taken());
        assertEquals(List.of(), second.taken());
    }

    @Test
    void leavingSessionGetsWhatCameBefore() throws Exception {
        join(second);
        deliver("1");
        hub.leave(second, "chat");
        deliver("2");
        run();
        assertEquals(List.of(List.of("1"), List.of("2")), first.taken());
        assertEquals(List.of(List.of("1")), second.taken());
    }

    /** What expires is left out of the run, so places in it are not known before. */
    @Test
    void joiningSessionGetsNothingOfWhatExpires() throws Exception {
        deliver(Message.text("1")
                .with(Message.Attributes.expiresAt(Instant.now().plusSeconds(60))));
        deliver("2");
        hub.join(second, "chat");
        deliver("3");
        run();
        assertEquals(List.of(List.of("1", "2"), List.of("3")), first.taken());
        assertEquals(List.of(List.of("3")), second.taken());
    }
}
