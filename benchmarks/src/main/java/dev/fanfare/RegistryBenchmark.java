package dev.fanfare;

import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Does noting a join and a leave, or asking for a count, cost more where there are many channels or many members?
 *
 * <p>{@code mvn -q -Pbenchmarks -pl benchmarks -am compile exec:java -Dexec.args="jmh RegistryBenchmark"}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RegistryBenchmark {

    /** Channels, and members of each; 100,000 sessions in one channel, or one in each of 100,000. */
    @Param({"1 x 10", "1 x 100000", "100000 x 1"})
    public String shape = "";

    private final SessionRegistry registry = new SessionRegistry();
    private String last = "";

    @Setup
    public void fill() {
        var parts = shape.split(" x ", 2);
        int channels = Integer.parseInt(parts[0]);
        int members = Integer.parseInt(parts[1]);
        for (int channel = 0; channel < channels; channel++) {
            last = "channel-" + channel;
            for (int member = 0; member < members; member++) {
                registry.joined("session-" + channel + "-" + member, last);
            }
        }
    }

    @Benchmark
    public int joinAndLeave() {
        registry.joined("another", last);
        int count = registry.count(last);
        registry.left("another", last);
        return count;
    }

    @Benchmark
    public int count() {
        return registry.count(last);
    }
}
