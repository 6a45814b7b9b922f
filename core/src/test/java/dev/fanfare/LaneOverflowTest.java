package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LaneOverflowTest {

    @Test
    void aFullLaneDropsMessagesAndReportsHowManyAsAGap() throws Exception {
        var gaps = Collections.synchronizedList(new ArrayList<Gap>());
        var carrier = new ManualBroadcaster();
        try (var hub = Hub.builder(carrier)
                .lanes(1)
                .laneQueue(10, 1 << 20)
                .listener(new HubListener() {
                    @Override
                    public void gap(Gap gap) {
                        gaps.add(gap);
                    }
                })
                .build()) {
            var session = opened(hub);
            var join = hub.join(session, "chat");
            carrier.confirm("chat");
            get(join);
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
            carrier.deliver("chat", "0");
            blocked.await();
            for (int i = 1; i <= 25; i++) {
                carrier.deliver("chat", "" + i);
            }
            assertEquals(10, hub.stats().laneMessages());
            release.countDown();
            Await.until("ten were kept", () -> session.count() == 11);
            carrier.deliver("chat", "after");
            Await.until("told", () -> gaps.size() == 1);
            var gap = gaps.get(0);
            assertEquals("chat", gap.channel());
            assertEquals(Gap.Reason.LANE_OVERFLOW, gap.reason());
            assertEquals(OptionalLong.of(15), gap.lost());
            Await.until("goes on", () -> session.count() == 12);
            assertEquals(List.of("10", "after"), session.texts().subList(10, 12));
        }
    }

    @Test
    void theGapComesBeforeTheNextMessageOfTheChannelOrWhenItIsQuiet() {
        var gaps = new ArrayList<String>();
        var overflow = new Overflow(
                "a node",
                Gap.Reason.LANE_OVERFLOW,
                gap -> gaps.add(gap.channel() + " " + gap.lost().orElseThrow()));
        overflow.lost("a");
        overflow.lost("a");
        overflow.lost("b");
        overflow.over("other");
        assertEquals(List.of(), gaps);
        overflow.over("a");
        assertEquals(List.of("a 2"), gaps);
        overflow.reportQuiet();
        assertEquals(List.of("a 2", "b 1"), gaps);
        overflow.reportQuiet();
        assertEquals(2, gaps.size());
    }

    @Test
    void noLossIsForgottenWhenItIsReportedMeanwhile() throws Exception {
        var reported = new AtomicLong();
        var overflow = new Overflow(
                "a node",
                Gap.Reason.LANE_OVERFLOW,
                gap -> reported.addAndGet(gap.lost().orElseThrow()));
        int lost = 1_000_000;
        var losing = new Thread(() -> {
            for (int i = 0; i < lost; i++) {
                overflow.lost("chat");
            }
        });
        losing.start();
        while (losing.isAlive()) {
            overflow.reportQuiet();
        }
        overflow.reportQuiet();
        assertEquals(lost, reported.get());
    }

    @Test
    void aLaneIsMeasuredInBytesToo() throws Exception {
        var carrier = new ManualBroadcaster();
        var release = new CountDownLatch(1);
        try (var hub = Hub.builder(carrier).lanes(1).laneQueue(1_000, 1_000).build()) {
            var session = opened(hub);
            hub.join(session, "chat");
            carrier.confirm("chat");
            var blocked = new CountDownLatch(1);
            session.onSend(() -> {
                blocked.countDown();
                Await.until("released", () -> release.getCount() == 0);
            });
            carrier.deliver("chat", "0");
            blocked.await();
            for (int i = 0; i < 5; i++) {
                carrier.deliver("chat", "x".repeat(400));
            }
            assertEquals(2, hub.stats().laneMessages());
        } finally {
            release.countDown();
        }
    }
}
