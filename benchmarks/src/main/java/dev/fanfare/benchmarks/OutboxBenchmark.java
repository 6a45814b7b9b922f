package dev.fanfare.benchmarks;

import dev.fanfare.Message;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one outbox cost for one run: if the container has written before {@code send} returns, and if it reports later
 * while the next run waits? How much does it allocate? ({@code -prof gc}). A thousand outboxes share each run, so that what
 * the lane does once hardly counts.
 *
 * <p>{@code mvn -q -Pbenchmarks -pl benchmarks -am compile exec:java -Dexec.args="jmh OutboxBenchmark -prof gc"}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(OutboxBenchmark.SESSIONS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OutboxBenchmark {

    static final int SESSIONS = 1_000;

    /** When the container reports the outcome. */
    @Param({"inline", "later"})
    public String outcome = "";

    private final Message message = Message.text("x".repeat(128));
    private OneLane node = new OneLane(0, false);

    @Setup
    public void open() {
        node.close();
        node = new OneLane(SESSIONS, outcome.equals("later"));
    }

    @TearDown
    public void close() {
        node.close();
    }

    @Benchmark
    public void oneRunForEach() {
        node.deliver(message);
        node.turn();
        for (var session : node.sessions()) {
            session.complete();
        }
        node.turn();
    }
}
