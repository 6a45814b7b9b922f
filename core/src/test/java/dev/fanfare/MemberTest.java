package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the two sides of a session, its container and its lane, say at the same time. */
class MemberTest {

    private final Engine engine = new Engine(LocalBroadcaster.create(), settings());

    private static Settings settings() {
        var draft = new Settings.Draft();
        draft.pingInterval = Duration.ofMinutes(1);
        draft.closeTimeout = Duration.ofSeconds(1);
        return draft.settings();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aSessionThatEndedBeforeItsLaneTookItInIsNotTakenIn() {
        var member = engine.member(new RecordingSession());
        engine.internals().members().add(member);
        member.ended();
        member.lane().execute(member::opened);
        var sessions = new AtomicReference<Integer>();
        member.lane().execute(() -> sessions.set(member.lane().sessions()));
        Await.until("the lane has handled it", () -> sessions.get() != null);
        assertEquals(0, sessions.get());
    }

    @Test
    void theEndOfASessionFindsItWhileItDeparts() {
        var members = new Members();
        var session = new RecordingSession();
        var member = engine.member(session);
        var steps = new AtomicInteger(); // odd while it departs
        var departing = new Thread(() -> {
            for (int round = 0; round < 1_000_000; round++) {
                members.add(member);
                steps.incrementAndGet();
                members.depart(member);
                steps.incrementAndGet();
                members.forget(member);
            }
        });
        departing.start();
        while (departing.isAlive()) {
            int before = steps.get();
            var found = members.findEvenIfDeparting(session);
            if (before % 2 == 1 && steps.get() == before) {
                assertSame(member, found);
            }
        }
    }
}
