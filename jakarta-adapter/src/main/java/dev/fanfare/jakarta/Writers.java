package dev.fanfare.jakarta;

import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The threads that send to sessions by blocking sends, see {@link BlockingSender}: as many as a hub has lanes by default, each
 * for a part of the sessions. When a client holds one up while others wait, another takes its place, and it ends as soon as
 * that client has taken what it was sent, or is given up. At most eight are held up at a time; while so many are, what waits
 * behind one more is sent asynchronously. They begin with the first run, and end when there was nothing to do for some
 * seconds. Thread-safe.
 */
final class Writers implements AutoCloseable {

    private static final int MAX_HELD_UP = 8;

    /** A thread that is seen twice in the same send is held up; this is how often it is looked at. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("tfb.hold", 50));

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_MILLIS = 500;

    private final List<Place> places;
    private final AtomicInteger assigned = new AtomicInteger();
    private final AtomicInteger heldUp = new AtomicInteger();

    @GuardedBy("this")
    private final Set<Thread> running = new HashSet<>();

    @GuardedBy("this")
    private @Nullable Thread watch;

    @GuardedBy("this")
    private int started;

    @GuardedBy("this")
    private boolean closed;

    Writers() {
        int count = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() / 4));
        places = IntStream.rangeClosed(1, count).mapToObj(Place::new).toList();
    }

    /** Where the runs of one more session wait. */
    Place place() {
        return places.get(Math.floorMod(assigned.getAndIncrement(), places.size()));
    }

    /** Interrupts whoever still sends, and waits for it for a moment; what comes afterwards is sent asynchronously. */
    @Override
    public void close() {
        List<Thread> ending;
        synchronized (this) {
            closed = true;
            places.forEach(place -> place.working = null);
            ending = List.copyOf(running);
        }
        ending.forEach(Thread::interrupt);
        try {
            for (Thread thread : ending) {
                thread.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        places.forEach(Place::sendWithoutThread);
        places.forEach(place -> place.lane.close());
    }

    @GuardedBy("this")
    private Thread start(Runnable task, String name) {
        var thread = new Thread(task, "fanfare-writer-" + name);
        thread.setDaemon(true);
        // Not that of the application whose session happens to be the first, which would be kept alive by it.
        thread.setContextClassLoader(Writers.class.getClassLoader());
        running.add(thread);
        thread.start();
        return thread;
    }

    private synchronized void ended(Thread thread) {
        running.remove(thread);
    }

    private void watch() {
        while (!watchIsOver()) {
            places.forEach(Place::look);
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
    }

    private synchronized boolean watchIsOver() {
        if (!closed && places.stream().anyMatch(place -> place.working != null)) {
            return false;
        }
        running.remove(Thread.currentThread());
        watch = null;
        return true;
    }

    /** The runs of a part of the sessions, and the thread that sends them. */
    final class Place {
        private final Queue<BlockingSender> waiting = new ConcurrentLinkedQueue<>();
        private final Queue<BlockingSender> sent = new ConcurrentLinkedQueue<>();
        /** None before the first run, when there was nothing to do for long, and in the end. Changed under the lock. */
        private volatile @Nullable Worker working;
        /** Its thread is held up, and no other may take its place. */
        private volatile boolean exhausted;

        private final CorkedLane lane;

        private Place(int number) {
            lane = new CorkedLane("writer-" + number, this::wakeIfAnythingWaits);
        }

        /** The lane of its sessions. */
        Executor lane() {
            return lane;
        }

        /** Whether a thread will {@linkplain BlockingSender#write send} what {@code sender} has; if not, it has to go without. */
        boolean submit(BlockingSender sender) {
            if (exhausted) {
                return false;
            }
            waiting.add(sender);
            if (lane.isInTurn()) {
                return true; // which wakes when it ends
            }
            return wake();
        }

        private void wakeIfAnythingWaits() {
            if (!waiting.isEmpty()) {
                wake();
            }
        }

        private boolean wake() {
            Worker worker = working;
            // Who takes over, or ends, looks into the queue first.
            return (worker != null && worker.wake()) || begin();
        }

        private boolean begin() {
            synchronized (Writers.this) {
                if (!closed) {
                    if (working == null) {
                        take();
                    }
                    return true;
                }
            }
            sendWithoutThread(); // the run that was just added is among them
            return true;
        }

        @GuardedBy("Writers.this")
        private void take() {
            var worker = new Worker(this);
            working = worker;
            worker.thread = start(worker, Integer.toString(++started));
            if (watch == null) {
                watch = start(Writers.this::watch, "watch");
            }
        }

        private void look() {
            Worker worker = working;
            if (worker == null || !worker.isHeldUp()) {
                return;
            }
            tell();
            lane.goOnce();
            if (waiting.isEmpty() && !exhausted) {
                return;
            }
            synchronized (Writers.this) {
                if (working != worker) {
                    return;
                }
                if (heldUp.get() < MAX_HELD_UP) {
                    heldUp.incrementAndGet();
                    exhausted = false;
                    worker.replaced = true;
                    take();
                    LockSupport.unpark(worker.thread); // if it has finished just now, and found nothing to do
                    return;
                }
            }
            exhausted = true;
            sendWithoutThread();
        }

        /** By one thread at a time, as two would wake the lane more often. */
        private synchronized void tell() {
            for (BlockingSender sender = sent.poll(); sender != null; sender = sent.poll()) {
                sender.tell();
            }
        }

        private void sendWithoutThread() {
            for (BlockingSender sender = waiting.poll(); sender != null; sender = waiting.poll()) {
                sender.sendWithoutThread();
            }
        }

        /** Whether {@code worker}, which has had nothing to do for long, ends. */
        private boolean retire(Worker worker) {
            synchronized (Writers.this) {
                if (working == worker && !waiting.isEmpty()) {
                    return false;
                }
                if (working == worker) {
                    working = null;
                }
                return true;
            }
        }
    }

    /** What a thread does until another has taken its place. */
    final class Worker implements Runnable {
        private static final int AT_WORK = 0;
        private static final int IDLE = 1;
        private static final int OVER = 2;

        private final Place place;
        private final AtomicInteger state = new AtomicInteger(AT_WORK);
        private volatile @Nullable Thread thread;
        /** Counts sends that began and that ended, so it is odd during one. */
        private final AtomicInteger sends = new AtomicInteger();
        /** What it was when the watch looked last. */
        private int seen;
        /** Raised under the lock. */
        private volatile boolean replaced;

        private Worker(Place place) {
            this.place = place;
        }

        /** Whether another has taken its place because of what it sends. */
        boolean isReplaced() {
            return replaced;
        }

        /** Whether it will look into the queue. */
        private boolean wake() {
            if (state.get() == AT_WORK) {
                return true;
            }
            if (state.compareAndSet(IDLE, AT_WORK)) {
                LockSupport.unpark(thread);
                return true;
            }
            return state.get() == AT_WORK;
        }

        private boolean isHeldUp() {
            int now = sends.get();
            boolean same = now == seen;
            seen = now;
            return same && now % 2 != 0;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            boolean over = false;
            boolean busy = false;
            long since = 0;
            int count = 0;
            while (!over && place.working == this) {
                BlockingSender sender = place.waiting.poll();
                if (sender == null) {
                    place.tell();
                    place.lane.go();
                    busy = false;
                    over = place.waiting.isEmpty() && await();
                    continue;
                }
                if (!busy) {
                    busy = true;
                    since = System.nanoTime();
                    place.lane.hold();
                }
                sends.lazySet(sends.get() + 1);
                sender.write(this);
                sends.lazySet(sends.get() + 1);
                place.sent.add(sender);
                if (place.exhausted) {
                    place.exhausted = false;
                }
                if (++count % 16 == 0 && System.nanoTime() - since > HOLD_NANOS) {
                    place.tell();
                    place.lane.goOnce();
                    since = System.nanoTime();
                }
            }
            place.tell();
            if (replaced) {
                heldUp.decrementAndGet();
            }
            ended(Thread.currentThread());
        }

        /** Whether there is nothing to do any more. */
        private boolean await() {
            state.set(IDLE);
            if (place.waiting.isEmpty() && place.working == this) {
                LockSupport.parkNanos(this, IDLE_NANOS);
                if (place.waiting.isEmpty() && state.compareAndSet(IDLE, OVER)) {
                    return end();
                }
            }
            state.set(AT_WORK);
            return false;
        }

        private boolean end() {
            if (place.retire(this)) {
                return true;
            }
            state.set(AT_WORK);
            return false;
        }
    }
}
