package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoryTest extends HistoryHubs {
    @Override
    void configure(Hub.Builder builder) {
        builder.lanes(2).laneQueue(50, 1 << 20);
    }

    @Test
    void aReceiptHasThePositionOfItsMessage() throws Exception {
        var first = say(1);
        assertEquals(1, first.offset());
        assertEquals(new Position(first.epoch(), 2), say(2));
        assertTrue(get(other.broadcast("hall", "no history")).position().isEmpty());
        assertTrue(hub.hasHistory("room.1"));
        assertFalse(hub.hasHistory("hall"));
    }

    @Test
    void lostMessagesAreFilledInFromTheHistoryAndSeenByNobody() throws Exception {
        var session = opened(hub);
        get(hub.join(session, "busy"));
        lossy.lose((channel, position) -> position.offset() % 3 != 1);
        for (int i = 1; i <= 301; i++) {
            get(other.broadcast("busy", "" + i));
        }
        awaitExactly(session, numbers(1, 301));
        assertTrue(hub.stats().refilled() >= 200);
        assertEquals(List.of(), told.gaps());
    }

    @Test
    void handlersAndRenderersGetWhatWasLostToo() throws Exception {
        var said = Channel.of("room.said", Said.CODEC);
        var session = opened(hub);
        var handled = new ConcurrentLinkedQueue<String>();
        get(hub.join(session, said, Said.LINE));
        get(hub.subscribe(said, event -> handled.add(event.content())).ready());
        lossy.lose((channel, position) -> position.offset() == 2);
        for (int i = 1; i <= 3; i++) {
            get(other.broadcast(said, new Said("Ann", "" + i)));
        }
        awaitExactly(session, List.of("Ann: 1", "Ann: 2", "Ann: 3"));
        Await.until("handled", () -> handled.size() == 3);
        assertEquals(List.of("1", "2", "3"), List.copyOf(handled));
    }

    @Test
    void aLostLastMessageIsFoundAfterAReconnect() throws Exception {
        var session = opened(hub);
        get(hub.join(session, "room.1"));
        say(1);
        lossy.lose((channel, position) -> true);
        say(2);
        lossy.reconnected("room.1");
        awaitExactly(session, numbers(1, 2));
        assertEquals(List.of(), told.gaps());
    }

    @Test
    void aLostLastMessageIsFoundByAskingWhenItIsQuiet() throws Exception {
        var session = opened(hub);
        get(hub.join(session, "room.1"));
        lossy.lose((channel, position) -> true);
        say(1);
        awaitExactly(session, numbers(1, 1));
    }

    @Test
    void whatTheHistoryHasNoMoreIsAGapThatSaysHowMuch() throws Exception {
        var session = opened(hub);
        get(hub.join(session, "room.1"));
        say(1);
        lossy.lose((channel, position) -> position.offset() <= 150);
        for (int i = 2; i <= 151; i++) {
            say(i);
        }
        Await.until("the newest hundred came", () -> session.count() >= 101);
        assertEquals("1", session.texts().get(0));
        assertEquals(numbers(52, 151), session.texts().subList(1, 101));
        Await.until("told", () -> !told.gaps().isEmpty());
        assertEquals(Gap.Reason.HISTORY_TRIMMED, told.gaps().get(0).reason());
        assertEquals(OptionalLong.of(50), told.gaps().get(0).lost());
        assertEquals(1, told.gaps().size());
    }

    @Test
    void anOverfullLaneIsFilledInWhenItHasRoom() throws Exception {
        var session = opened(hub);
        get(hub.join(session, "room.1"));
        var blocked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        session.onSend(() -> {
            blocked.countDown();
            try {
                release.await(); // what no adapter may do: it holds the lane up
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        var neighbour = opened(hub); // on the other lane
        get(hub.join(neighbour, "room.1"));
        say(1);
        blocked.await();
        for (int i = 2; i <= 90; i++) {
            say(i);
        }
        release.countDown();
        awaitExactly(session, numbers(1, 90));
        awaitExactly(neighbour, numbers(1, 90));
        assertEquals(List.of(), told.gaps());
    }

    @Test
    void aPositionThatNobodyGaveOutHarmsNobody() throws Exception {
        var session = opened(hub);
        get(hub.join(session, "room.1"));
        var first = say(1);
        lossy.receiver().message("room.1", Message.text("forged"), new Position(first.epoch(), 1_000_000));
        lossy.receiver().message("room.1", Message.text("forged"), new Position(first.epoch() + 1, 1));
        lossy.receiver().message("room.1", Message.text("twice"), first);
        lossy.receiver().message("room.1", Message.text("plain"), null);
        for (int i = 2; i <= 50; i++) {
            say(i);
        }
        Await.until("everything came", () -> session.count() >= 51);
        var expected = new ArrayList<>(numbers(1, 50));
        expected.add(1, "plain");
        assertEquals(expected, session.texts());
        assertEquals(List.of(), told.gaps());
        assertEquals(3, hub.stats().unpositioned());
    }

    @Test
    void whatHasNoPositionKeepsItsPlaceAmongWhatIsFilledIn() throws Exception {
        var session = opened(hub);
        get(hub.join(session, "room.1"));
        say(1);
        awaitExactly(session, numbers(1, 1));
        var open = new CompletableFuture<Void>();
        lossy.answers(open);
        lossy.lose((channel, position) -> position.offset() == 2);
        for (int i = 2; i <= 5; i++) {
            say(i);
            lossy.receiver().message("room.1", Message.text("behind " + i), null);
        }
        open.complete(null);
        awaitExactly(session, List.of("1", "behind 2", "2", "3", "behind 3", "4", "behind 4", "5", "behind 5"));
    }

    @Test
    void joiningWithTheLastMessagesUnderLoadRepeatsAndSkipsNothing() throws Exception {
        joiningUnderLoad(number -> Replay.last(number % 7 * 10));
    }

    @Test
    void joiningSinceAPositionUnderLoadRepeatsAndSkipsNothing() throws Exception {
        var start = get(other.broadcast("busy", "0")).position().orElseThrow();
        joiningUnderLoad(number -> Replay.since(start));
    }

    private void joiningUnderLoad(Function<Integer, Replay> replay) throws Exception {
        int total = 3_000;
        var sender = new Thread(() -> IntStream.range(1, total)
                .forEach(i -> other.broadcast("busy", Integer.toString(i)).join()));
        lossy.lose((channel, position) -> position.offset() % 17 == 3);
        sender.start();
        var sessions = IntStream.range(0, 60).mapToObj(i -> opened(hub)).toList();
        var outcomes = IntStream.range(0, 60)
                .mapToObj(i -> hub.join(sessions.get(i), "busy", replay.apply(i)))
                .toList();
        for (var outcome : outcomes) {
            get(outcome);
        }
        sender.join();
        get(other.broadcast("busy", "" + total)); // the first one for those that joined too late for all others
        for (var session : sessions) {
            Await.until("the last one came", () -> session.texts().contains("" + total));
            var texts = session.texts();
            int first = Integer.parseInt(texts.get(0));
            assertEquals(numbers(first, total), texts);
        }
    }

    @Test
    void theLastMessagesAreReplayedThenWhatIsNew() throws Exception {
        for (int i = 1; i <= 5; i++) {
            say(i);
        }
        var session = opened(hub);
        var outcome = get(hub.join(session, "room.1", Replay.last(3)));
        assertEquals(3, outcome.messages());
        assertEquals(5, outcome.position().offset());
        assertTrue(outcome.isComplete());
        say(6);
        awaitExactly(session, numbers(3, 6));
    }

    @Test
    void aReplayIsRenderedAsWhatIsLive() throws Exception {
        var said = Channel.of("room.said", Said.CODEC);
        get(other.broadcast(said, new Said("Ann", "before")));
        var session = opened(hub);
        get(hub.join(session, said, Said.LINE, Replay.last(10)));
        get(other.broadcast(said, new Said("Ann", "after")));
        awaitExactly(session, List.of("Ann: before", "Ann: after"));
    }

    @Test
    void aPositionThatIsGoneOrOfAnotherLifeIsAGap() throws Exception {
        var first = say(1);
        for (int i = 2; i <= 120; i++) {
            say(i);
        }
        var late = opened(hub);
        var trimmed = get(hub.join(late, "room.1", Replay.since(first)));
        assertEquals(Optional.of(Gap.Reason.HISTORY_TRIMMED), trimmed.gap());
        assertEquals(OptionalLong.of(19), trimmed.lost());
        awaitExactly(late, numbers(21, 120));
        var lost = get(hub.join(opened(hub), "room.1", Replay.since(new Position(first.epoch() - 1, 5))));
        assertEquals(Optional.of(Gap.Reason.HISTORY_LOST), lost.gap());
        assertFalse(lost.isComplete());
        assertEquals(List.of(), told.gaps()); // nobody else is missing anything
    }

    @Test
    void aReplayWaitsForASessionThatIsSlow() throws Exception {
        for (int i = 1; i <= 100; i++) {
            get(other.broadcast("room.big", "x".repeat(100_000)));
        }
        var session = opened(hub).stall();
        var joined = hub.join(session, "room.big", Replay.last(100));
        Await.until("it began", session::hasInFlight);
        assertEquals(0, session.closes().size());
        session.flow();
        get(joined);
        Await.until("all of it came", () -> session.count() == 100);
        assertEquals(List.of(), session.closes());
    }

    static final class Positions implements ClientSession.Framing {
        @Override
        public Message message(String channel, Message message, @Nullable Position position) {
            return Message.text(channel + "@" + (position == null ? "-" : position.offset()) + " "
                    + ((Message.Text) message).text());
        }

        @Override
        public Message gap(Gap gap) {
            return Message.text("gap " + gap.reason() + " " + gap.lost().orElse(-1));
        }
    }

    @Test
    void aFramingGetsMessagesWithTheirPositionsAndGaps() throws Exception {
        var framing = new Positions();
        for (int i = 1; i <= 103; i++) {
            say(i);
        }
        var session = opened(hub);
        get(hub.join(session, "room.1", framing, Replay.since(Position.START)));
        var plain = opened(hub);
        get(hub.join(plain, "hall", framing, null));
        say(104);
        get(other.broadcast("hall", "hi"));
        Await.until("all came", () -> session.count() == 102 && plain.count() == 1);
        assertEquals(
                List.of("gap HISTORY_TRIMMED 3", "room.1@4 4"), session.texts().subList(0, 2));
        assertEquals("room.1@104 104", session.texts().get(101));
        assertEquals(List.of("hall@- hi"), plain.texts());
        lossy.reconnected("hall");
        Await.until("told", () -> plain.count() == 2);
        assertEquals("gap RECONNECT -1", plain.texts().get(1));
    }

    @Test
    void aMessageThatIsCoalescedKeepsItsPosition() throws Exception {
        try (var collecting =
                Hub.builder(carrier.peer()).coalescing(Duration.ofMillis(20)).build()) {
            var session = opened(collecting);
            get(collecting.join(session, "room.1", new Positions(), null));
            for (int i = 1; i <= 3; i++) {
                say(i);
            }
            awaitExactly(session, List.of("room.1@1 1", "room.1@2 2", "room.1@3 3"));
        }
    }

    @Test
    void historyIsAskedForBeforeTheFirstHub() {
        assertThrows(IllegalStateException.class, () -> carrier.history("late", 1, Duration.ofHours(1)));
    }

    @Test
    void aReplayWithoutHistoryOrOfAJoinedChannelIsRefused() throws Exception {
        var session = opened(hub);
        assertThrows(IllegalArgumentException.class, () -> hub.join(session, "hall", Replay.last(1)));
        get(hub.join(session, "room.1"));
        var again = hub.join(session, "room.1", Replay.last(1));
        var failure = assertThrows(ExecutionException.class, () -> again.get(10, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, failure.getCause());
    }
}
