package dev.fanfare.benchmarks;

import dev.fanfare.Message;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many deliveries a second does a lane hand out, from the broadcaster to {@code ClientSession.send}: does it depend on
 * how many members the channel has, and what does merging gain when several messages wait? The figure to compare is {@code
 * deliveries}.
 *
 * <p>{@code mvn -q -Pbenchmarks -pl benchmarks -am compile exec:java -Dexec.args="jmh LaneBenchmark"}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LaneBenchmark {

    /** Deliveries within one iteration. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Count {
        public long deliveries;
    }

    @Param({"10", "1000", "10000"})
    public int members;

    /** How many messages wait when the lane gets its turn. */
    @Param({"1", "64"})
    public int waiting;

    private final Message message = Message.text("x".repeat(128));
    private OneLane node = new OneLane(0, false);

    @Setup
    public void open() {
        node.close();
        node = new OneLane(members, false);
    }

    @TearDown
    public void close() {
        node.close();
    }

    @Benchmark
    public void turn(Count count) {
        for (int i = 0; i < waiting; i++) {
            node.deliver(message);
        }
        node.turn();
        count.deliveries += (long) waiting * members;
    }
}
