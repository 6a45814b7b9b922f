package dev.fanfare.redis;

import dev.fanfare.Position;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link BusyNode} in a JVM of its own, which can be killed as a machine dies: no word to anybody. */
final class NodeProcess implements ChaosNode {

    private final Process process;
    private final PrintStream commands;
    private final Thread reader;

    /**
     * Starts one; the account hears when its hub is ready.
     *
     * @param ports of Redis, or of several Sentinels
     */
    NodeProcess(String name, List<Integer> ports, boolean history, ChaosAccount account) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        var logging = System.getProperty("java.util.logging.config.file");
        if (logging != null) {
            command.add("-Djava.util.logging.config.file=" + logging);
        }
        var redis = ports.stream().map(String::valueOf).collect(Collectors.joining(","));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), NodeProcess.class.getName()));
        command.addAll(List.of(name, redis, Boolean.toString(history)));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        reader = new Thread(() -> read(account), "node-process-" + name);
        reader.start();
    }

    /** A line that the process could not finish is none. */
    private void read(ChaosAccount account) {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.endsWith(" .")) {
                    account.hear(line.substring(0, line.length() - 2));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void join(String client, @Nullable Position since) {
        commands.println("join " + client + " " + (since == null ? "-" : since.toString()));
    }

    @Override
    public void send() {
        commands.println("send");
    }

    @Override
    public void stop() {
        commands.println("stop");
    }

    /** Ends it where it stands; what it had sent to its clients has come to them when this returns. */
    void kill() {
        process.destroyForcibly();
        try {
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** The process: commands come in, lines go out; it ends with its input, so with the test's JVM at the latest. */
    public static void main(String[] args) throws Exception {
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        var ports = Stream.of(args[1].split(",", -1)).map(Integer::valueOf).toList();
        var builder = HistoryChaosTest.builder(ports, Boolean.parseBoolean(args[2]));
        Consumer<String> told = line -> {
            synchronized (out) {
                out.print(line + " .\n");
                out.flush();
            }
        };
        var node = new BusyNode(args[0], builder, told);
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var words = line.split(" ", -1);
                switch (words[0].toLowerCase(Locale.ROOT)) {
                    case "join" -> node.join(words[1], words[2].equals("-") ? null : Position.parse(words[2]));
                    case "send" -> node.send();
                    default -> node.stop();
                }
            }
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }
}
