package dev.fanfare.redis;

import dev.fanfare.Message;
import java.nio.ByteBuffer;
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
 * What does it cost to make bytes for Redis of a message, and a message of bytes from Redis: once per node, not per session?
 *
 * <p>{@code mvn -q -Pbenchmarks -pl benchmarks -am compile exec:java -Dexec.args="jmh EnvelopeBenchmark"}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EnvelopeBenchmark {

    @Param({"text", "binary", "text with attributes"})
    public String kind = "";

    @Param({"128", "10000"})
    public int bytes;

    private Message message = Message.text("");
    private byte[] encoded = {};

    @Setup
    public void encodeOnce() {
        var text = Message.text("x".repeat(bytes));
        message = switch (kind) {
            case "text" -> text;
            case "binary" -> Message.binary(ByteBuffer.allocate(bytes));
            default -> text.with(new Message.Attributes("id-1", "key-1", "session-1", null, null));
        };
        encoded = Envelope.encode(message);
    }

    @Benchmark
    public byte[] encode() {
        return Envelope.encode(message);
    }

    @Benchmark
    public Object decode() {
        return Envelope.decode(encoded);
    }
}
