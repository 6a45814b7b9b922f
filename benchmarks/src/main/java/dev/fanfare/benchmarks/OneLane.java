package dev.fanfare.benchmarks;

import dev.fanfare.Hub;
import dev.fanfare.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * A hub with one channel, all of whose sessions share a lane that is the benchmark's own thread: what is delivered lies in
 * the lane's queue until {@link #turn}, and everything that follows happens within that call.
 */
final class OneLane implements AutoCloseable {

    private final Carrier carrier = new Carrier();
    /** Also the hub's timer puts a task in, once a second. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    private final Executor lane = tasks::add;
    private final List<Sink> sessions = new ArrayList<>();
    private final Hub hub = Hub.builder(carrier)
            .pingInterval(Duration.ofDays(1))
            .closeTimeout(Duration.ofMillis(100)) // nobody runs the lane any more
            .executor(Runnable::run)
            .build();

    OneLane(int members, boolean hold) {
        for (int i = 0; i < members; i++) {
            var session = new Sink(i, lane, hold);
            sessions.add(session);
            hub.open(session);
            hub.join(session, "chat");
        }
        turn();
    }

    void deliver(Message message) {
        carrier.deliver("chat", message);
    }

    /** The lane does all that there is to do. */
    void turn() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    List<Sink> sessions() {
        return sessions;
    }

    @Override
    public void close() {
        hub.close();
    }
}
