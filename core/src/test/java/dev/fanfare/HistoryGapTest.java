package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Sessions that are not where the others are when those are told of a gap. */
class HistoryGapTest extends HistoryHubs {
    @Test
    void aGapOfTheOthersRepeatsNothingForASessionThatIsAheadOfThem() throws Exception {
        var behind = opened(hub);
        get(hub.join(behind, "room.1"));
        var first = say(1);
        awaitExactly(behind, numbers(1, 1));
        lossy.lose((channel, position) -> true);
        for (int i = 2; i <= 150; i++) {
            say(i);
        }
        var ahead = opened(hub);
        assertEquals(100, get(hub.join(ahead, "room.1", Replay.since(first))).messages());
        var framed = opened(hub);
        get(hub.join(framed, "room.1", new HistoryTest.Positions(), Replay.last(1)));
        lossy.receiver().message("room.1", Message.text("plain"), null);
        lossy.reconnected("room.1");
        Await.until("the others have what is left", () -> behind.count() == 102);
        lossy.lose((channel, position) -> false);
        say(151);
        var expected = new ArrayList<>(numbers(51, 151));
        expected.add(100, "plain");
        awaitExactly(ahead, expected);
        awaitExactly(framed, List.of("room.1@150 150", "room.1@- plain", "room.1@151 151"));
        assertEquals(1, told.gaps().size());
    }

    @Test
    void aSessionThatHasHadNothingLiveIsToldOfAGapBehindItsReplay() throws Exception {
        for (int i = 1; i <= 3; i++) {
            say(i);
        }
        var session = opened(hub);
        get(hub.join(session, "room.1", new HistoryTest.Positions(), Replay.last(1)));
        lossy.lose((channel, position) -> position.offset() <= 150);
        for (int i = 4; i <= 151; i++) {
            say(i);
        }
        Await.until("everything came", () -> session.count() >= 102);
        assertEquals(
                List.of("room.1@3 3", "gap HISTORY_TRIMMED 48", "room.1@52 52"),
                session.texts().subList(0, 3));
        assertEquals("room.1@151 151", session.texts().get(session.count() - 1));
    }

    @Test
    void aGapWhileAReplayWaitsIsInItsOutcomeAlsoWhereEventsAreRendered() throws Exception {
        var said = Channel.of("room.said", Said.CODEC);
        var others = opened(hub);
        get(hub.join(others, said, Said.LINE));
        for (int i = 1; i <= 100; i++) {
            get(other.broadcast(said, new Said("Ann", "x".repeat(50_000))));
        }
        Await.until("the others have them", () -> others.count() == 100);
        var session = opened(hub).stall();
        var joined = hub.join(session, said, Said.LINE, Replay.since(Position.START));
        Await.until("it began", session::hasInFlight);
        lossy.lose((channel, position) -> position.offset() <= 250);
        for (int i = 101; i <= 251; i++) {
            get(other.broadcast(said, new Said("Ann", "" + i)));
        }
        Await.until("the others have what is left", () -> others.count() == 200);
        session.flow();
        var outcome = get(joined);
        assertEquals(Optional.of(Gap.Reason.HISTORY_TRIMMED), outcome.gap());
        assertEquals(OptionalLong.of(51), outcome.lost());
        assertEquals(200, session.count());
    }

    @Test
    void whatTheHistoryLostAndTheOthersHadIsAGapAndNotAskedForWithoutEnd() throws Exception {
        var others = opened(hub);
        get(hub.join(others, "room.1"));
        for (int i = 1; i <= 10; i++) {
            say(i);
        }
        awaitExactly(others, numbers(1, 10));
        lossy.historyEndsAt(6);
        var session = opened(hub);
        var outcome = get(hub.join(session, "room.1", Replay.since(Position.START)));
        assertEquals(Optional.of(Gap.Reason.HISTORY_LOST), outcome.gap());
        lossy.historyEndsAt(Long.MAX_VALUE);
        say(11);
        var expected = new ArrayList<>(numbers(1, 6));
        expected.add("11");
        awaitExactly(session, expected);
    }
}
