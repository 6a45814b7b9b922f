package dev.fanfare.benchmarks.load;

import dev.fanfare.Hub;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Publishes without any session: as fast as Redis answers on several threads, or at a rate on one. */
final class PublishLoad {

    private final Traffic traffic;
    private final String text;

    PublishLoad(Traffic traffic) {
        this.traffic = traffic;
        this.text = "x".repeat(traffic.bytes());
    }

    String text() {
        return text;
    }

    /** What Redis answered, and how long that took. */
    record Answered(long count, double seconds) {
        double perSecond() {
            return count / seconds;
        }
    }

    /** As many as are answered, with a bounded number of them on their way; until the last one is answered. */
    Answered saturated(Hub hub, String channel, double seconds) throws Exception {
        int most = traffic.publishers() * traffic.window();
        var room = new Semaphore(most);
        var answered = new LongAdder();
        long start = System.nanoTime();
        repeat(seconds, () -> {
            room.acquire();
            hub.broadcast(channel, text).whenComplete((receipt, cause) -> {
                if (cause == null) {
                    answered.increment();
                }
                room.release();
            });
            return null;
        });
        if (!room.tryAcquire(most, 30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("publishes were not answered for 30 s");
        }
        return new Answered(answered.sum(), (System.nanoTime() - start) / 1e9);
    }

    /** Has all threads do it over and over. */
    void repeat(double seconds, Callable<?> publish) throws Exception {
        var threads = Executors.newFixedThreadPool(traffic.publishers());
        try {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < traffic.publishers(); i++) {
                running.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        publish.call();
                    }
                    return null;
                }));
            }
            for (var thread : running) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** From the moment when a message was due to be published to the answer, for so many a second. */
    Histogram paced(Hub hub, String channel, int perSecond, double seconds) throws Exception {
        int count = (int) (perSecond * seconds);
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        var latencies = new long[count];
        var answers = new CountDownLatch(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int number = i;
            long due = start + i * interval;
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            hub.broadcast(channel, text).whenComplete((receipt, cause) -> {
                latencies[number] = cause == null ? System.nanoTime() - due : -1;
                answers.countDown();
            });
        }
        if (!answers.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException(answers.getCount() + " publishes were not answered for 30 s");
        }
        var histogram = new Histogram();
        for (long latency : latencies) {
            if (latency >= 0) {
                histogram.record(latency);
            }
        }
        return histogram;
    }
}
