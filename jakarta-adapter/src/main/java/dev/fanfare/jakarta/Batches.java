package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Message;
import dev.fanfare.Run;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends runs by the standard API, each as one batch, on threads of its own that may block: for Tomcat, whose asynchronous
 * sends cost a task of the connector's executor for each message, and whose flush of a batch waits for the client.
 *
 * <p>One thread works off what waits. When a client holds it up, another takes over, and the first one ends when that client has
 * taken its run or is given up. At most eight are held up; while so many are, and for a session that held one up lately,
 * runs are sent message by message, without waiting. Thread-safe.
 */
final class Batches implements FastPath, AutoCloseable {

    private static final int MAX_HELD_UP = 8;
    private static final long HELD_UP_MILLIS = 50;
    private static final long HELD_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(HELD_UP_MILLIS);
    /** So many runs of a session that held a thread up are sent without one. */
    private static final int RUNS_WITHOUT = 64;

    private static final long CLOSE_MILLIS = 500;

    /** Of a server's frame, at most. */
    private static final int HEADER_BYTES = 10;

    /** What Tomcat collects (its Constants). */
    private static final int TOMCATS_BUFFER =
            Integer.getInteger("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", 8 * 1024);

    private final Queue<Batch> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger heldUp = new AtomicInteger();
    private final AtomicInteger threads = new AtomicInteger();
    /** The thread that works; none before the first run and after the end. Changed under the lock. */
    private volatile @Nullable Worker working;

    private volatile boolean exhausted;

    @GuardedBy("this")
    private @Nullable ScheduledExecutorService watch;

    /** The one that works and those that are held up. */
    @GuardedBy("this")
    private final Set<Thread> running = new HashSet<>();

    @GuardedBy("this")
    private boolean closed;

    @Override
    public RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable) {
        return new Sender(session.getBasicRemote(), portable);
    }

    /** Whether a thread waits for {@code batch} to come to it; if not, it is not sent. */
    private boolean submit(Batch batch) {
        Worker worker = working;
        if (worker == null) {
            worker = start();
        }
        if (worker == null || exhausted) {
            return false;
        }
        waiting.add(batch);
        // Who takes over looks into the queue before it waits.
        worker.wake();
        return true;
    }

    private static boolean isSlow(long since) {
        return System.nanoTime() - since > HELD_UP_NANOS;
    }

    private synchronized @Nullable Worker start() {
        if (working == null && !closed) {
            watch = Executors.newSingleThreadScheduledExecutor(task -> thread(task, "fanfare-batch-watch"));
            watch.scheduleWithFixedDelay(this::look, HELD_UP_MILLIS, HELD_UP_MILLIS, TimeUnit.MILLISECONDS);
            take();
        }
        return working;
    }

    @GuardedBy("this")
    private void take() {
        var worker = new Worker();
        working = worker;
        running.add(worker.thread);
        worker.thread.start();
    }

    private static Thread thread(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        // Not that of the application whose session happens to be the first, which would be kept alive by it.
        thread.setContextClassLoader(Batches.class.getClassLoader());
        return thread;
    }

    /** Relieves the thread that works if a client holds it up while others wait. */
    private void look() {
        Worker worker = working;
        if (worker == null || waiting.isEmpty() || !worker.isHeldUp()) {
            return;
        }
        if (heldUp.get() >= MAX_HELD_UP - 1) {
            exhausted = true;
            for (Batch batch = waiting.poll(); batch != null; batch = waiting.poll()) {
                batch.sendWithoutThread();
            }
            return;
        }
        synchronized (this) {
            if (!closed) {
                heldUp.incrementAndGet();
                take();
            }
        }
    }

    /** Ends its threads, wherever they are; what comes afterwards is sent without. For a hub whose sessions are closed. */
    @Override
    public void close() {
        List<Thread> ending;
        ScheduledExecutorService watching;
        synchronized (this) {
            closed = true;
            working = null;
            ending = List.copyOf(running);
            watching = watch;
        }
        if (watching == null) {
            return;
        }
        watching.shutdownNow();
        ending.forEach(Thread::interrupt);
        try {
            for (Thread thread : ending) {
                thread.join(CLOSE_MILLIS);
            }
            watching.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Batch batch = waiting.poll(); batch != null; batch = waiting.poll()) {
            batch.sendWithoutThread();
        }
    }

    private synchronized void ended(Thread thread) {
        running.remove(thread);
    }

    /** A thread that writes, until another has taken over. */
    private final class Worker implements Runnable {
        private final Thread thread = thread(this, "fanfare-batch-" + threads.incrementAndGet());
        private final AtomicBoolean idle = new AtomicBoolean();
        private volatile long writingSince;
        private volatile boolean writing;

        void wake() {
            if (idle.get() && idle.compareAndSet(true, false)) {
                LockSupport.unpark(thread);
            }
        }

        boolean isHeldUp() {
            return writing && isSlow(writingSince);
        }

        @Override
        public void run() {
            while (working == this) {
                Batch batch = waiting.poll();
                if (batch == null) {
                    await();
                } else {
                    write(batch);
                    exhausted = false;
                }
            }
            heldUp.decrementAndGet();
            ended(thread);
        }

        private void write(Batch batch) {
            writingSince = System.nanoTime();
            writing = true;
            batch.sender.begins(thread);
            try {
                batch.write();
            } finally {
                batch.sender.ends();
                writing = false;
            }
            if (isSlow(writingSince)) {
                batch.sender.without = RUNS_WITHOUT;
            }
        }

        private void await() {
            idle.set(true);
            if (waiting.isEmpty() && working == this) {
                LockSupport.park(this);
            }
            idle.set(false);
        }
    }

    /** Sends to one session. */
    final class Sender implements RunSender {
        private final RemoteEndpoint.Basic remote;
        private final RunSender portable;
        /** How many runs are sent without a thread. One run at a time is on its way. */
        private volatile int without;
        /** Who waits for the client. */
        @GuardedBy("this")
        private @Nullable Thread writer;

        Sender(RemoteEndpoint.Basic remote, RunSender portable) {
            this.remote = remote;
            this.portable = portable;
        }

        @Override
        public void send(Run run, Completion completion) {
            int left = without;
            if (left > 0) {
                without = left - 1;
                portable.send(run, completion);
            } else if (!submit(new Batch(this, run, completion))) {
                portable.send(run, completion);
            }
        }

        private synchronized void begins(Thread thread) {
            writer = thread;
        }

        /** Whoever interrupts the thread from now on means another session. */
        private synchronized void ends() {
            writer = null;
            Thread.interrupted();
        }

        @Override
        public synchronized void giveUp() {
            if (writer != null) {
                writer.interrupt();
            }
        }
    }

    /** A run that waits for its thread. */
    private static final class Batch {
        private final Sender sender;
        private final Run run;
        private final Completion completion;
        private int sent;

        Batch(Sender sender, Run run, Completion completion) {
            this.sender = sender;
            this.run = run;
            this.completion = completion;
        }

        void sendWithoutThread() {
            sender.portable.send(run, completion);
        }

        /** Blocks until Tomcat has written the run. */
        void write() {
            try {
                if (sender.remote.getBatchingAllowed()) {
                    sendWithoutThread(); // the application batches, and flushes when it likes
                    return;
                }
                if (run.size() == 1) {
                    writeNext();
                } else {
                    writeAll();
                }
                completion.done();
            } catch (IOException | RuntimeException e) {
                if (PortableSender.isBusy(e)) {
                    completion.busy(sent);
                } else {
                    completion.failed(e);
                }
            }
        }

        /**
         * Never leaves a part of a message in Tomcat's buffer: who switches batching off meanwhile, as Tomcat does to close a
         * session, would let the next message out before it.
         */
        private void writeAll() throws IOException {
            int buffered = 0;
            boolean batching = false;
            try {
                while (sent < run.size()) {
                    int size = run.messages().get(sent).size() + HEADER_BYTES;
                    if (batching && !sender.remote.getBatchingAllowed()) {
                        throw new IOException("somebody closes the session");
                    }
                    if (batching && buffered + size > TOMCATS_BUFFER) {
                        sender.remote.flushBatch();
                        buffered = 0;
                    }
                    boolean fits = size <= TOMCATS_BUFFER;
                    if (fits != batching) {
                        batching = fits;
                        sender.remote.setBatchingAllowed(fits);
                    }
                    writeNext();
                    buffered += size;
                    completion.progress();
                }
            } finally {
                if (batching) {
                    sender.remote.setBatchingAllowed(false); // flushes
                }
            }
        }

        private void writeNext() throws IOException {
            Message message = run.messages().get(sent);
            if (message instanceof Message.Text text) {
                sender.remote.sendText(text.text());
            } else {
                sender.remote.sendBinary(message.buffer());
            }
            sent++;
        }
    }
}
