package dev.fanfare;

import static dev.fanfare.HubTest.failure;
import static dev.fanfare.HubTest.get;
import static dev.fanfare.Said.CHAT;
import static dev.fanfare.Said.alice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers of the application get a channel's messages without any session. */
class SubscriptionTest {

    private final Told told = new Told();
    private final ManualBroadcaster carrier = new ManualBroadcaster();
    private final Hub hub =
            Hub.builder(carrier).laneQueue(10, 1 << 20).listener(told).build();
    private final List<Object> got = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        hub.close();
    }

    private void untilReleased() {
        blocked.countDown();
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                // deaf on purpose
            }
        }
    }

    private static String text(Message message) {
        return ((Message.Text) message).text();
    }

    @Test
    void handlersGetEveryEventOfEveryNodeInOrder() throws Exception {
        var broadcaster = LocalBroadcaster.create();
        try (var one = Hub.create(broadcaster);
                var two = Hub.create(broadcaster.peer())) {
            var raw = Collections.synchronizedList(new ArrayList<String>());
            var typed = Collections.synchronizedList(new ArrayList<Said>());
            get(one.subscribe("said", message -> raw.add(text(message))).ready());
            get(one.subscribe(CHAT, typed::add).ready());
            for (int i = 0; i < 1_000; i++) {
                (i % 2 == 0 ? one : two).broadcast(CHAT, alice("" + i));
            }
            Await.until("all", () -> raw.size() == 1_000 && typed.size() == 1_000);
            assertEquals(IntStream.range(0, 1_000).mapToObj(i -> alice("" + i)).toList(), typed);
            assertEquals(IntStream.range(0, 1_000).mapToObj(i -> "Alice|" + i).toList(), raw);
        }
    }

    @Test
    void aHandlerGetsWhatItsNodeBroadcastsBeforeTheSubscriptionIsConfirmed() throws Exception {
        var subscription = hub.subscribe(CHAT, got::add);
        hub.broadcast(CHAT, alice("first"));
        assertEquals(List.of(), carrier.publishedTexts(), "it waits");
        carrier.confirm("said");
        get(subscription.ready());
        Await.until("published", () -> carrier.publishedTexts().equals(List.of("Alice|first")));
    }

    @Test
    void anEventIsDecodedOnceForAllWhoWantIt() throws Exception {
        var decoded = Collections.synchronizedList(new ArrayList<Said>());
        var channel = Channel.of("said", new Codec<Said>() {
            @Override
            public Message encode(Said event) {
                return Said.CODEC.encode(event);
            }

            @Override
            public Said decode(Message message) {
                var event = Said.CODEC.decode(message);
                decoded.add(event);
                return event;
            }
        });
        carrier.confirm("said");
        get(hub.subscribe(channel, got::add).ready());
        get(hub.subscribe(channel, got::add).ready());
        var session = HubTest.opened(hub);
        get(hub.join(session, channel, Said.LINE));
        carrier.deliver("said", "Alice|1");
        Await.until("all three", () -> got.size() == 2 && session.count() == 1);
        assertEquals(1, decoded.size());
    }

    @Test
    void aSlowHandlerDelaysNobodyElseAndIsToldOfItsGap() throws Exception {
        carrier.confirm("said");
        get(hub.subscribe(
                        CHAT,
                        said -> {
                            untilReleased();
                            got.add(said.content());
                        },
                        gap -> got.add(gap.reason() + " " + gap.lost()))
                .ready());
        var others = Collections.synchronizedList(new ArrayList<Said>());
        get(hub.subscribe(CHAT, others::add).ready());
        var session = HubTest.opened(hub);
        get(hub.join(session, CHAT, Said.LINE));
        for (int i = 0; i <= 25; i++) {
            carrier.deliver("said", "Alice|" + i);
            int count = i + 1;
            Await.until("the others have it", () -> session.count() == count && others.size() == count);
            blocked.await();
        }
        release.countDown();
        Await.until("ten were kept", () -> got.size() >= 11);
        carrier.deliver("said", "Alice|after");
        Await.until("goes on", () -> got.contains("after"));
        var expected = new ArrayList<Object>(
                IntStream.rangeClosed(0, 10).mapToObj(i -> "" + i).toList());
        expected.addAll(List.of("HANDLER_OVERFLOW " + OptionalLong.of(15), "after"));
        assertEquals(expected, withGapsMerged());
        assertEquals(Gap.Reason.HANDLER_OVERFLOW, told.gaps().get(0).reason());
        assertEquals(26 + 1, others.size());
    }

    /** The timer reports what is lost, too, about once a second: then there are several gaps, of as many messages. */
    private List<Object> withGapsMerged() {
        var merged = new ArrayList<Object>();
        long lost = 0;
        for (var one : List.copyOf(got)) {
            if (one.toString().startsWith("HANDLER_OVERFLOW ")) {
                lost += Long.parseLong(one.toString().replaceAll("\\D", ""));
            } else {
                if (lost > 0) {
                    merged.add("HANDLER_OVERFLOW " + OptionalLong.of(lost));
                    lost = 0;
                }
                merged.add(one);
            }
        }
        return merged;
    }

    @Test
    void gapsOfTheCarrierAreToldInOrderWithTheEvents() throws Exception {
        carrier.confirm("said");
        get(hub.subscribe(CHAT, got::add, got::add).ready());
        get(hub.subscribe("said", message -> {}, got::add).ready());
        var now = Instant.now();
        var gap = new Gap("said", now, now, Gap.Reason.RECONNECT, OptionalLong.empty());
        carrier.deliver("said", "Alice|1");
        carrier.receiver().gap(gap);
        carrier.deliver("said", "Alice|2");
        Await.until("all", () -> got.size() == 4);
        got.remove(gap); // that of the raw one, whenever it came
        assertTrue(
                got.equals(List.of(alice("1"), gap, alice("2"))) || got.equals(List.of(alice("1"), alice("2"), gap)));
        assertEquals(1, hub.stats().gaps());
    }

    @Test
    void aHandlerThatThrowsIsCountedReportedAndCalledAgain() throws Exception {
        carrier.confirm("said");
        get(hub.subscribe("said", message -> {
                    got.add(text(message));
                    throw new IllegalStateException("on purpose");
                })
                .ready());
        get(hub.subscribe(CHAT, got::add).ready());
        carrier.receiver().message("said", Message.text("Alice|1"), new Position(1, 2));
        carrier.deliver("said", "Alice|2");
        Await.until("all", () -> got.size() == 4);
        Await.until("told", () -> told.skipped().size() == 2);
        assertEquals(List.of("said 1/2 IllegalStateException", "said - IllegalStateException"), told.skipped());
        assertEquals(2, hub.stats().skipped());
    }

    @Test
    void aClosedSubscriptionHandsNothingOverAndGivesTheChannelUp() throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        var other = new ManualBroadcaster();
        try (var single = Hub.builder(other).executor(thread).build()) {
            other.confirm("said");
            var subscription = single.subscribe("said", message -> {
                got.add(text(message));
                untilReleased();
            });
            get(subscription.ready());
            other.deliver("said", "Alice|1");
            blocked.await();
            other.deliver("said", "Alice|waits");
            subscription.close();
            subscription.close();
            assertEquals(List.of("said"), other.unsubscribed());
            other.deliver("said", "Alice|late");
            release.countDown();
            thread.submit(() -> {}).get(); // what waited has had its turn
            assertEquals(List.of("Alice|1"), got);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aHandlerMayCloseItsSubscription() throws Exception {
        var subscription = new Subscription[1];
        carrier.confirm("said");
        subscription[0] = hub.subscribe("said", message -> {
            got.add(text(message));
            subscription[0].close();
        });
        get(subscription[0].ready());
        carrier.deliver("said", "Alice|1");
        Await.until("given up", () -> carrier.unsubscribed().contains("said"));
        assertEquals(List.of("Alice|1"), got);
    }

    @Test
    void readyFailsIfTheCarrierRefusesAndIsCancelledByClose() {
        var refused = hub.subscribe(CHAT, got::add);
        carrier.refuse("said");
        assertInstanceOf(BroadcastException.Refused.class, failure(refused.ready()));
        assertEquals(List.of("said"), carrier.unsubscribed());

        var closed = hub.subscribe("other", got::add);
        var stays = hub.subscribe("other", got::add);
        closed.close();
        assertThrows(CancellationException.class, () -> get(closed.ready()));
        assertFalse(stays.ready().isDone());

        var pending = hub.subscribe("third", got::add);
        hub.close();
        assertThrows(CancellationException.class, () -> get(pending.ready()));
    }

    @Test
    void aHandlerThatBlocksForEverDoesNotStopClose() throws Exception {
        carrier.confirm("said");
        get(hub.subscribe(CHAT, said -> untilReleased()).ready());
        carrier.deliver("said", "Alice|1");
        blocked.await();
        hub.close();
        assertEquals(Broadcaster.State.CLOSED, hub.stats().state());
    }

    @Test
    void whatTheExecutorHadNoRoomForIsHandledWhenItHas() throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        var full = new AtomicBoolean();
        var other = new ManualBroadcaster();
        try (var tight = Hub.builder(other)
                .executor(task -> {
                    if (full.get()) {
                        throw new RejectedExecutionException("no room");
                    }
                    thread.execute(task);
                })
                .build()) {
            other.confirm("said");
            get(tight.subscribe(CHAT, got::add).ready());
            full.set(true);
            other.deliver("said", "Alice|1");
            assertEquals(1, tight.stats().inboxMessages());
            full.set(false);
            Await.until("asked again", () -> got.equals(List.of(alice("1"))));
        } finally {
            thread.shutdownNow();
        }
    }
}
