package dev.fanfare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** The hub's own lanes, and those that adapters bring along for their sessions. Thread-safe. */
final class Lanes {

    private final Internals internals;
    private final Consumer<Gap> gaps;
    private final List<ExecutorService> threads = new ArrayList<>();
    private final List<Lane> own = new ArrayList<>();
    private final ConcurrentHashMap<Executor, Lane> byExecutor = new ConcurrentHashMap<>();

    Lanes(Internals internals, Consumer<Gap> gaps) {
        this.internals = internals;
        this.gaps = gaps;
        for (int i = 0; i < internals.settings().lanes(); i++) {
            var thread = Workers.single("fanfare-lane-" + i);
            threads.add(thread);
            var lane = new Lane(thread, false, internals, gaps);
            own.add(lane);
            byExecutor.put(thread, lane);
        }
    }

    /** The lane for a new session: that of its executor if it has one, else the one with the fewest sessions. */
    Lane laneFor(ClientSession session) {
        var affinity = session.affinity();
        return affinity == null
                ? own.stream().min(Comparator.comparingInt(Lane::sessions)).orElseThrow()
                : byExecutor.computeIfAbsent(affinity, executor -> new Lane(lasting(executor), true, internals, gaps));
    }

    /**
     * An adapter's executor may end before the hub does, with its container for instance: then a thread of ours takes over,
     * or sessions of that lane would never leave. A lane runs one task at a time, so the two never meet.
     */
    private Executor lasting(Executor executor) {
        Executor spare = threads.get(0);
        return task -> {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                spare.execute(task);
            }
        };
    }

    Collection<Lane> all() {
        return byExecutor.values();
    }

    long queuedMessages() {
        return all().stream().mapToLong(Lane::queuedMessages).sum();
    }

    void stop() {
        threads.forEach(ExecutorService::shutdownNow);
    }

    /** Whether their threads have ended. */
    boolean isStopped() {
        return threads.stream().allMatch(Workers::haveEnded);
    }
}
