package dev.fanfare;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A client's connection that takes every run at once, and keeps in mind which messages came together. */
final class RunTaker implements ClientSession {

    private final String id;
    private final @Nullable Executor affinity;
    private final List<List<String>> taken = new CopyOnWriteArrayList<>();
    private volatile Runnable onSend = () -> {};

    /** On the lane of that executor, or on one of the hub's own. */
    RunTaker(String id, @Nullable Executor affinity) {
        this.id = id;
        this.affinity = affinity;
    }

    /** The texts of each run. */
    List<List<String>> taken() {
        return taken;
    }

    /** Does something before each run is taken, on the lane. */
    RunTaker onSend(Runnable action) {
        onSend = action;
        return this;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable Executor affinity() {
        return affinity;
    }

    @Override
    public void send(Run run, Completion completion) {
        onSend.run();
        taken.add(run.messages().stream()
                .map(message -> ((Message.Text) message).text())
                .toList());
        completion.done();
    }

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason, boolean hard) {}
}
