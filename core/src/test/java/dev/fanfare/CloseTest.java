package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.joined;
import static dev.fanfare.HubTest.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CloseTest {

    @Test
    void everySessionIsClosedOnceAfterItsLastMessageAndNoThreadIsLeft() throws Exception {
        var before = Threads.ofFanfare();
        var hub = Hub.create(LocalBroadcaster.create());
        var sessions = new ArrayList<RecordingSession>();
        for (int i = 0; i < 100; i++) {
            var session = joined(hub, "chat");
            session.onSend(() -> assertEquals(List.of(), session.closes()));
            sessions.add(session);
        }
        for (int i = 0; i < 1_000; i++) {
            hub.broadcast("chat", "" + i);
        }
        hub.close();

        for (var session : sessions) {
            assertEquals(1_000, session.count());
            assertEquals("1001", session.closes().get(0));
        }
        Await.until("no thread is left", () -> Threads.ofFanfare().equals(before));
    }

    @Test
    void aSessionThatEndedWhenItWasClosedIsNotClosedAgain() throws Exception {
        var hub = Hub.create(LocalBroadcaster.create());
        var session = joined(hub, "chat");
        hub.close();
        assertEquals(List.of("1001"), session.closes());
    }

    @Test
    void aStalledSessionDelaysCloseOnlySoLong() throws Exception {
        var hub = Hub.create(LocalBroadcaster.create());
        var stalled = joined(hub, "chat").stall().onClose(() -> {});
        get(hub.broadcast("chat", "never taken"));
        Await.until("in flight", stalled::hasInFlight);
        hub.close();
        assertEquals(List.of("1001", "1001 hard"), stalled.closes());
    }

    @Test
    void aContainerThatBlocksInCloseDoesNotStopTheHub() throws Exception {
        var release = new CountDownLatch(1);
        var closes = Collections.synchronizedList(new ArrayList<Integer>());
        var hub = Hub.builder(LocalBroadcaster.create())
                .closeTimeout(Duration.ofMillis(500))
                .build();
        var stuck = new ClientSession() {
            @Override
            public String id() {
                return "stuck";
            }

            @Override
            public void send(Run run, Completion completion) {
                completion.done();
            }

            @Override
            public void ping() {}

            @Override
            public void close(int code, String reason, boolean hard) {
                closes.add(code);
                while (release.getCount() > 0) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        // as deaf as a container that waits for a semaphore
                    }
                }
            }
        };
        try {
            hub.open(stuck);
            get(hub.join(stuck, "chat"));
            hub.close();
            assertEquals(List.of(1001), List.copyOf(closes));
            assertEquals(1, hub.stats().closesPending());
        } finally {
            release.countDown();
        }
    }

    @Test
    void aBroadcasterThatThrowsOnCloseDoesNotKeepSessionsOpen() throws Exception {
        var carrier = new ManualBroadcaster();
        var hub = Hub.create(carrier);
        var session = opened(hub);
        hub.close();
        assertTrue(carrier.isClosed());
        assertEquals("1001", session.closes().get(0));
    }

    @Test
    void anInterruptDoesNotLeaveSessionsOpen() throws Exception {
        var carrier = new ManualBroadcaster();
        var hub = Hub.create(carrier);
        var session = opened(hub);
        var stalled = opened(hub).stall();
        hub.send(stalled, "never taken");
        Await.until("in flight", stalled::hasInFlight);
        var stillInterrupted = new AtomicBoolean();
        var closing = new Thread(() -> {
            hub.close();
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        closing.start();
        Await.until("closing", carrier::isClosed);
        closing.interrupt();
        closing.join();
        assertEquals("1001", session.closes().get(0));
        assertTrue(stillInterrupted.get());
    }

    @Test
    void whatTheBroadcasterSaysAfterwardsDoesNotOpenTheHubAgain() {
        var carrier = new ManualBroadcaster();
        var hub = Hub.create(carrier);
        hub.close();
        carrier.receiver().state(Broadcaster.State.LIVE, null);
        assertEquals(Broadcaster.State.CLOSED, hub.stats().state());
    }

    @Test
    void whatWaitsForASessionIsFlushedBeforeItIsClosed() throws Exception {
        var carrier = new ManualBroadcaster();
        var hub = Hub.create(carrier);
        var session = opened(hub).stall();
        hub.send(session, "1");
        Await.until("in flight", session::hasInFlight);
        hub.send(session, "2");
        var closing = new Thread(hub::close);
        closing.start();
        Await.until("closing", carrier::isClosed);
        session.flow();
        closing.join();
        assertEquals(List.of("1", "2"), session.texts());
        assertEquals(List.of("1001"), session.closes());
    }

    @Test
    void aClientThatDoesNotAnswerTheCloseIsGivenUp() {
        var hub = Hub.builder(LocalBroadcaster.create())
                .closeTimeout(Duration.ofMillis(500))
                .build();
        var session = opened(hub).onClose(() -> {});
        hub.close();
        Await.until("given up", () -> session.closes().equals(List.of("1001", "1001 hard")));
    }
}
