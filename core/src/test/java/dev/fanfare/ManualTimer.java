package dev.fanfare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A hub's timer whose time passes when the test says so, on the thread that says so; what a hub does every second it never does. */
final class ManualTimer extends ScheduledThreadPoolExecutor {

    private record Task(long at, Runnable action) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now;

    ManualTimer() {
        super(1);
    }

    @Override
    public synchronized @Nullable ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
        tasks.add(new Task(now + unit.toNanos(delay), action));
        return null;
    }

    @Override
    public @Nullable ScheduledFuture<?> scheduleWithFixedDelay(
            Runnable action, long initialDelay, long delay, TimeUnit unit) {
        return null;
    }

    /** How many tasks wait for their time. */
    synchronized int waiting() {
        return tasks.size();
    }

    /** Lets time pass, and runs what is due. */
    void pass(long duration, TimeUnit unit) {
        List<Task> due;
        synchronized (this) {
            now += unit.toNanos(duration);
            due = tasks.stream()
                    .filter(task -> task.at() <= now)
                    .sorted(Comparator.comparingLong(Task::at))
                    .toList();
            tasks.removeAll(due);
        }
        due.forEach(task -> task.action().run());
    }
}
