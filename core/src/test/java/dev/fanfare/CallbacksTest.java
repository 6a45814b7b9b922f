package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.joined;
import static dev.fanfare.HubTest.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Application code runs apart: whatever it does, messages flow. */
class CallbacksTest {

    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger blocked = new AtomicInteger();

    private void blockForEver() {
        blocked.incrementAndGet();
        while (never.getCount() > 0) {
            try {
                never.await();
            } catch (InterruptedException e) {
                // deaf on purpose
            }
        }
    }

    @Test
    void codeThatBlocksForEverDelaysNoMessageAndDoesNotStopClose() throws Exception {
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.builder(carrier)
                .listener(new HubListener() {
                    @Override
                    public void broadcasterUp() {
                        blockForEver();
                    }
                })
                .build()) {
            var session = opened(hub);
            carrier.receiver().state(Broadcaster.State.LIVE, null);
            hub.join(session, "chat").thenRun(this::blockForEver);
            carrier.confirm("chat");
            hub.broadcast("chat", "0").thenRun(this::blockForEver);
            carrier.published().get(0).outcome().complete(new Receipt(1, null));
            Await.until("all three block", () -> blocked.get() == 3);
            for (int i = 0; i < 1_000; i++) {
                carrier.deliver("chat", "" + i);
            }
            Await.until("all", () -> session.count() == 1_000);
            hub.close();
            Await.until("closed", () -> session.closes().contains("1001"));
        } finally {
            never.countDown();
        }
    }

    @Test
    void outcomesOfAChannelCompleteInOrder() throws Exception {
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.create(carrier)) {
            var order = Collections.synchronizedList(new ArrayList<Integer>());
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                hub.broadcast("chat", "x").thenRun(() -> order.add(number));
            }
            carrier.published().forEach(one -> one.outcome().complete(new Receipt(1, null)));
            Await.until("all", () -> order.size() == 1_000);
            assertEquals(IntStream.range(0, 1_000).boxed().toList(), order);
        }
    }

    @Test
    void callsOfTheListenerThatCannotWaitAreCounted() throws Exception {
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.builder(carrier)
                .listener(new HubListener() {
                    @Override
                    public void unreadable(String channel, String reason) {
                        blockForEver();
                    }
                })
                .build()) {
            carrier.receiver().unreadable("chat", "first");
            Await.until("it blocks", () -> blocked.get() == 1);
            for (int i = 0; i < Callbacks.MAX_WAITING + 10; i++) {
                carrier.receiver().unreadable("chat", "more");
            }
            assertEquals(10, hub.stats().callbacksDropped());
        } finally {
            never.countDown();
        }
    }

    @Test
    void aListenerThatThrowsIsCalledAgain() throws Exception {
        var calls = new AtomicInteger();
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.builder(carrier)
                .listener(new HubListener() {
                    @Override
                    public void unreadable(String channel, String reason) {
                        calls.incrementAndGet();
                        throw new IllegalStateException("thrown by the test's listener");
                    }
                })
                .build()) {
            carrier.receiver().unreadable("chat", "1");
            carrier.receiver().unreadable("chat", "2");
            Await.until("called twice", () -> calls.get() == 2);
            assertEquals(2, hub.stats().unreadable());
        }
    }

    @Test
    void aFailedBroadcastIsToldAndCountedWhetherOrNotAnyoneLooks() throws Exception {
        var failed = Collections.synchronizedList(new ArrayList<String>());
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.builder(carrier)
                .listener(new HubListener() {
                    @Override
                    public void broadcastFailed(String channel, BroadcastException cause) {
                        failed.add(channel + ": " + cause.getMessage());
                    }
                })
                .build()) {
            hub.broadcast("chat", "nobody keeps this future");
            carrier.published()
                    .get(0)
                    .outcome()
                    .completeExceptionally(new BroadcastException.Refused("no rights", null));
            Await.until("told", () -> failed.equals(List.of("chat: no rights")));
            assertEquals(1, hub.stats().broadcastsFailed());
            assertEquals(0, hub.stats().broadcastsPending());
        }
    }

    @Test
    void theCallersExecutorIsUsedAndLeftOpen() throws Exception {
        var tasks = new AtomicInteger();
        try (var hub = Hub.builder(LocalBroadcaster.create())
                .executor(task -> {
                    tasks.incrementAndGet();
                    new Thread(task).start();
                })
                .build()) {
            var session = joined(hub, "chat");
            hub.broadcast("chat", "hello");
            Await.until("received", () -> session.count() == 1);
        }
        assertTrue(tasks.get() >= 2);
    }

    @Test
    void whatTheExecutorRefusesIsCountedAndTheListenerHearsWhatComesLater() throws Exception {
        var refusing = new AtomicBoolean(true);
        var heard = new AtomicInteger();
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.builder(carrier)
                .executor(task -> {
                    if (refusing.get()) {
                        throw new RejectedExecutionException("no room");
                    }
                    new Thread(task).start();
                })
                .listener(new HubListener() {
                    @Override
                    public void unreadable(String channel, String reason) {
                        heard.incrementAndGet();
                    }
                })
                .build()) {
            int refused = Callbacks.MAX_WAITING + 10;
            for (int i = 0; i < refused; i++) {
                carrier.receiver().unreadable("chat", "refused");
            }
            assertEquals(refused, hub.stats().callbacksDropped());
            assertEquals(0, hub.stats().callbacksPending());
            refusing.set(false);
            carrier.receiver().unreadable("chat", "taken");
            Await.until("told", () -> heard.get() == 1);
        }
    }

    @Test
    void anExecutorThatThrowsAnythingHarmsNobodyElse() throws Exception {
        var throwing = new AtomicBoolean();
        try (var hub = Hub.builder(LocalBroadcaster.create())
                .executor(task -> {
                    if (throwing.get()) {
                        throw new IllegalStateException("thrown by the test's executor");
                    }
                    new Thread(task).start();
                })
                .build()) {
            var session = joined(hub, "chat");
            throwing.set(true);
            hub.broadcast("chat", "1");
            throwing.set(false);
            assertEquals(1, get(hub.broadcast("chat", "2")).receivers());
            Await.until("both", () -> session.count() == 2);
        }
    }

    @Test
    void aMessageLargerThanThisHubTakesIsReportedAndNotSent() throws Exception {
        var reported = Collections.synchronizedList(new ArrayList<String>());
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.builder(carrier)
                .messageBytes(10)
                .listener(new HubListener() {
                    @Override
                    public void unreadable(String channel, String reason) {
                        reported.add(channel);
                    }
                })
                .build()) {
            var session = opened(hub);
            hub.join(session, "chat");
            carrier.confirm("chat");
            carrier.deliver("chat", "x".repeat(11));
            carrier.deliver("chat", "x".repeat(10));
            Await.until("received", () -> session.count() > 0);
            Await.until("reported", () -> reported.equals(List.of("chat")));
            assertEquals(List.of("x".repeat(10)), session.texts());
        }
    }
}
