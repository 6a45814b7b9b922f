package dev.fanfare;

import static dev.fanfare.HubTest.failure;
import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.joined;
import static dev.fanfare.HubTest.opened;
import static dev.fanfare.Said.CHAT;
import static dev.fanfare.Said.CONTENT;
import static dev.fanfare.Said.LINE;
import static dev.fanfare.Said.alice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TypedChannelTest {

    private final Told told = new Told();
    private final LocalBroadcaster broadcaster = LocalBroadcaster.create();
    private final Hub one = Hub.builder(broadcaster).lanes(2).listener(told).build();
    private final Hub two = Hub.create(broadcaster.peer());
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        one.close();
        two.close();
    }

    private static RecordingSession rendered(Hub hub, Function<Said, String> renderer) throws Exception {
        var session = opened(hub);
        get(hub.join(session, CHAT, renderer));
        return session;
    }

    private static void assertReceives(RecordingSession session, String... texts) {
        Await.until("session has " + texts.length + " messages", () -> session.count() >= texts.length);
        assertEquals(List.of(texts), session.texts());
    }

    private void untilReleased() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void eventsArriveOnEveryNodeAsTheRendererOfThatNodeMakesThem() throws Exception {
        var here = rendered(one, LINE);
        var there = rendered(two, said -> said.content() + "!");
        get(one.broadcast(CHAT, alice("Hello")));
        assertReceives(here, "Alice: Hello");
        assertReceives(there, "Hello!");
    }

    @Test
    void aSessionThatJoinsWithoutARendererGetsWhatTheCodecEncoded() throws Exception {
        var typed = opened(one);
        get(one.join(typed, CHAT));
        var byName = joined(two, "said");
        get(one.broadcast(CHAT, alice("Hello")));
        get(one.broadcast("said", "no event, but text"));
        assertReceives(typed, "Alice|Hello", "no event, but text");
        assertReceives(byName, "Alice|Hello", "no event, but text");
        assertEquals(0, one.stats().skipped(), "nobody has it decoded");
    }

    @Test
    void aSessionMayJoinOneChannelAsItIsAndAnotherWithARenderer() throws Exception {
        var session = rendered(one, LINE);
        get(one.join(session, "raw"));
        get(one.broadcast(CHAT, alice("1")));
        Await.until("rendered", () -> session.count() == 1);
        get(one.broadcast("raw", "2"));
        assertReceives(session, "Alice: 1", "2");
    }

    @Test
    void aThousandSessionsWithOneRendererCallItOncePerMessage() throws Exception {
        var calls = new AtomicInteger();
        Function<Said, String> counting = said -> {
            calls.incrementAndGet();
            return LINE.apply(said);
        };
        var sessions = new ArrayList<RecordingSession>();
        for (int i = 0; i < 1_000; i++) {
            sessions.add(rendered(one, counting));
        }
        for (int i = 0; i < 10; i++) {
            one.broadcast(CHAT, alice("" + i));
        }
        Await.until("all have all", () -> sessions.stream().allMatch(session -> session.count() == 10));
        assertEquals(10, calls.get());
        assertEquals(10, one.stats().received());
    }

    @Test
    void whatIsRenderedKeepsTheOrderOfTheChannel() throws Exception {
        var session = rendered(one, CONTENT);
        var raw = joined(one, "said");
        for (int i = 0; i < 5_000; i++) {
            one.broadcast(CHAT, alice("" + i));
        }
        var expected = IntStream.range(0, 5_000).mapToObj(i -> "" + i).toArray(String[]::new);
        assertReceives(session, expected);
        Await.until("raw too", () -> raw.count() == 5_000);
    }

    @Test
    void aSessionSeesItsOwnFirstEvent() {
        for (int i = 0; i < 1_000; i++) {
            var fresh = Channel.of("fresh-" + i, Said.CODEC);
            var session = opened(one);
            one.join(session, fresh, LINE);
            one.broadcast(fresh, alice("mine"));
            Await.until("own event", () -> session.count() == 1);
            one.ended(session);
        }
    }

    @Test
    void whatIsBroadcastWhileAJoinWithARendererIsPendingWaitsForIt() {
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.create(carrier)) {
            hub.join(opened(hub), CHAT, LINE);
            hub.broadcast(CHAT, alice("first"));
            assertEquals(List.of(), carrier.publishedTexts(), "it waits");
            carrier.confirm("said");
            Await.until("published", () -> carrier.publishedTexts().equals(List.of("Alice|first")));
        }
    }

    @Test
    void afterLeavingNothingIsRenderedAnyMore() throws Exception {
        var calls = new AtomicInteger();
        Function<Said, String> counting = said -> "" + calls.incrementAndGet();
        var session = rendered(one, counting);
        var other = rendered(one, LINE);
        get(one.broadcast(CHAT, alice("1")));
        Await.until("rendered", () -> session.count() == 1);
        get(one.leave(session, CHAT));
        assertEquals(1, one.sessions().count("said"));
        get(one.broadcast(CHAT, alice("2")));
        assertReceives(other, "Alice: 1", "Alice: 2");
        assertEquals(1, calls.get());
        get(one.leave(other, "said"));
        assertEquals(0, get(one.broadcast(CHAT, alice("3"))).receivers());
    }

    @Test
    void joiningAgainIsJoiningOnceAndWithAnotherRendererIsRefusedUntilTheSessionHasLeft() throws Exception {
        var session = rendered(one, LINE);
        get(one.join(session, CHAT, LINE));
        for (var other : List.of(one.join(session, CHAT, CONTENT), one.join(session, CHAT))) {
            var refusal = assertInstanceOf(IllegalStateException.class, failure(other));
            assertTrue(refusal.getMessage().contains("said"), refusal.getMessage());
        }
        get(one.broadcast(CHAT, alice("1")));
        assertReceives(session, "Alice: 1");
        get(one.leave(session, CHAT));
        get(one.join(session, CHAT, CONTENT));
        get(one.broadcast(CHAT, alice("2")));
        assertReceives(session, "Alice: 1", "2");
    }

    @Test
    void whatCannotBeDecodedIsCountedReportedWithItsPositionAndSkipped() throws Exception {
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.builder(carrier).listener(told).build()) {
            var session = opened(hub);
            hub.join(session, CHAT, LINE);
            var alike = opened(hub);
            hub.join(alike, CHAT, CONTENT);
            carrier.confirm("said");
            get(hub.join(session, CHAT, LINE));
            get(hub.join(alike, CHAT, CONTENT));
            carrier.deliver("said", "Alice|1");
            carrier.receiver().message("said", Message.text("garbage"), new Position(7, 42));
            carrier.deliver("said", "more garbage");
            carrier.deliver("said", "Alice|2");
            assertReceives(session, "Alice: 1", "Alice: 2");
            assertReceives(alike, "1", "2");
            Await.until("told", () -> told.skipped().size() == 2);
            assertEquals(
                    List.of("said 7/42 StringIndexOutOfBoundsException", "said - StringIndexOutOfBoundsException"),
                    told.skipped());
            assertEquals(2, hub.stats().skipped());
        }
    }

    @Test
    void aRendererThatThrowsHarmsNoOtherAndNoOtherEvent() throws Exception {
        var picky = rendered(one, said -> {
            if (said.content().equals("2")) {
                throw new StackOverflowError("on purpose");
            }
            return said.content();
        });
        var tooLong = rendered(one, said -> said.content().equals("2") ? "x".repeat((1 << 20) + 1) : said.content());
        var other = rendered(one, LINE);
        for (var content : List.of("1", "2", "3")) {
            get(one.broadcast(CHAT, alice(content)));
        }
        assertReceives(other, "Alice: 1", "Alice: 2", "Alice: 3");
        assertReceives(picky, "1", "3");
        assertReceives(tooLong, "1", "3");
        assertEquals(2, one.stats().skipped());
        Await.until("told", () -> told.skipped().size() == 2);
    }

    @Test
    void aCodecThatThrowsReachesWhoeverBroadcasts() {
        var channel = Channel.of("said", new Codec<Said>() {
            @Override
            public Message encode(Said event) {
                throw new IllegalArgumentException("not this one");
            }

            @Override
            public Said decode(Message message) {
                throw new IllegalArgumentException("nor that one");
            }
        });
        assertThrows(IllegalArgumentException.class, () -> one.broadcast(channel, alice("Hello")));
        assertEquals(0, one.stats().broadcastsPending());
    }

    @Test
    void attributesHoldForWhatIsRendered() throws Exception {
        var sender = rendered(one, LINE);
        var other = rendered(one, LINE);
        var message = Said.CODEC.encode(alice("psst")).with(Message.Attributes.exceptSession(sender.id()));
        get(one.broadcast("said", message));
        get(one.broadcast(CHAT, alice("end")));
        assertReceives(other, "Alice: psst", "Alice: end");
        assertReceives(sender, "Alice: end");
    }

    @Test
    void aSlowRendererDelaysItsOwnChannelOnly() throws Exception {
        var slow = rendered(one, said -> {
            untilReleased();
            return said.content();
        });
        var raw = joined(one, "said");
        var elsewhere = Channel.of("elsewhere", Said.CODEC);
        var session = opened(one);
        get(one.join(session, elsewhere, LINE));
        for (int i = 0; i < 100; i++) {
            one.broadcast(CHAT, alice("" + i));
            one.broadcast(elsewhere, alice("" + i));
        }
        Await.until("the other channel goes on", () -> session.count() == 100);
        Await.until("the same channel as it is, too", () -> raw.count() == 100);
        assertEquals(0, slow.count());
        assertTrue(one.stats().inboxMessages() >= 99, () -> "" + one.stats().inboxMessages());
        release.countDown();
        Await.until("the slow one catches up", () -> slow.count() == 100);
    }

    @Test
    void whatDoesNotFitIsAGapOfThatChannel() throws Exception {
        var carrier = new ManualBroadcaster();
        var rendering = new CountDownLatch(1);
        var rendered = Collections.synchronizedList(new ArrayList<String>());
        try (var hub =
                Hub.builder(carrier).laneQueue(10, 1 << 20).listener(told).build()) {
            var session = opened(hub);
            var join = hub.join(session, CHAT, said -> {
                rendering.countDown();
                untilReleased();
                rendered.add(said.content());
                return said.content();
            });
            carrier.confirm("said");
            get(join);
            carrier.deliver("said", "Alice|0");
            rendering.await();
            for (int i = 1; i <= 25; i++) {
                carrier.deliver("said", "Alice|" + i);
            }
            assertEquals(10, hub.stats().inboxMessages());
            release.countDown();
            Await.until("ten were kept", () -> rendered.size() == 11);
            carrier.deliver("said", "Alice|after");
            Await.until("goes on", () -> rendered.size() == 12);
            assertEquals(List.of("10", "after"), rendered.subList(10, 12));
            Await.until("told", () -> lostToTheRenderer() == 15); // in two gaps, if the timer comes in between
            assertTrue(hub.stats().gaps() >= 1);
        }
    }

    private long lostToTheRenderer() {
        return told.gaps().stream()
                .filter(gap -> gap.channel().equals("said") && gap.reason() == Gap.Reason.RENDERER_OVERFLOW)
                .mapToLong(gap -> gap.lost().orElseThrow())
                .sum();
    }

    @Test
    void aJoinWithARendererThatTheCarrierRefusesFails() throws Exception {
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.create(carrier)) {
            var session = opened(hub);
            var join = hub.join(session, CHAT, LINE);
            carrier.refuse("said");
            assertInstanceOf(BroadcastException.Refused.class, failure(join));
            assertEquals(0, hub.sessions().count("said"));
        }
    }

    @Test
    void whatWaitsForARendererIsSentBeforeTheHubIsClosed() throws Exception {
        var session = rendered(one, CONTENT);
        for (int i = 0; i < 1_000; i++) {
            one.broadcast(CHAT, alice("" + i));
        }
        one.close();
        assertEquals(1_000, session.count());
    }

    @Test
    void moreThan64RenderersOnAChannelAreWarnedAboutOnce() throws Exception {
        try (var log = CapturedLog.of(ApplicationCode.class.getName())) {
            for (int i = 1; i < 64; i++) {
                rendered(one, rendererOfItsOwn(i));
                rendered(one, LINE); // the same again and again
            }
            assertEquals(List.of(), log.lines());
            rendered(one, rendererOfItsOwn(64));
            rendered(one, rendererOfItsOwn(65));
            assertEquals(1, log.count("WARNING"), log.lines()::toString);
            assertTrue(log.lines().get(0).contains("constant"), log.lines()::toString);
        }
    }

    private static Function<Said, String> rendererOfItsOwn(int number) {
        return said -> number + said.content();
    }

    @Test
    void wrongInputIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Channel.of("a\nb", Said.CODEC));
        one.close();
        assertThrows(IllegalStateException.class, () -> one.broadcast(CHAT, alice("late")));
        assertThrows(IllegalStateException.class, () -> one.join(new RecordingSession(), CHAT, LINE));
        assertThrows(IllegalStateException.class, () -> one.subscribe(CHAT, said -> {}));
    }
}
