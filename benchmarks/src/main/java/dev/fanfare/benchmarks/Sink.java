package dev.fanfare.benchmarks;

import dev.fanfare.ClientSession;
import dev.fanfare.Run;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A session that costs nothing: it takes every run at once, or keeps the last one until the benchmark takes it. */
final class Sink implements ClientSession {

    private final String id;
    private final Executor lane;
    private final boolean holds;
    private @Nullable Completion inFlight;
    private int runs;

    Sink(int number, Executor lane, boolean holds) {
        this.id = "session-" + number;
        this.lane = lane;
        this.holds = holds;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Executor affinity() {
        return lane;
    }

    @Override
    public void send(Run run, Completion completion) {
        runs++;
        if (holds) {
            inFlight = completion;
        } else {
            completion.done();
        }
    }

    /** What a container does that has written a run: reports it, on the benchmark's thread. */
    void complete() {
        var held = inFlight;
        if (held != null) {
            inFlight = null;
            held.done();
        }
    }

    int runs() {
        return runs;
    }

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason, boolean hard) {}
}
