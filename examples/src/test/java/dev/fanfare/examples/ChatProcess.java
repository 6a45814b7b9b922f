package dev.fanfare.examples;

import dev.fanfare.fixtures.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The chat in a JVM of its own, as a user starts it. Its temporary files are kept apart, so that leftovers show. */
final class ChatProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://localhost:([0-9]+)\n");

    private static final long SIGINT_BIT = 1L << 1;

    private final Path directory;
    private final Process process;

    /** @param launch what follows {@code java}: options and what to run */
    ChatProcess(Path directory, Map<String, String> environment, List<String> launch) throws IOException {
        this.directory = directory;
        Files.createDirectories(temporary());
        List<String> command = new ArrayList<>(heedingInterrupts());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.io.tmpdir=" + temporary());
        command.addAll(launch);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of("PORT", "NODES", "REDIS_URL", "CONTAINER", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** From the classes under test. */
    static ChatProcess ofClasses(Path directory, Map<String, String> environment, String... options)
            throws IOException {
        List<String> launch = new ArrayList<>(List.of(options));
        launch.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return new ChatProcess(directory, environment, launch);
    }

    ChatProcess awaitStart() {
        return awaitOutput("Ctrl-C");
    }

    ChatProcess awaitOutput(String text) {
        Await.until("the chat says: " + text, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + err());
            }
            return out().contains(text);
        });
        return this;
    }

    List<Integer> ports() {
        Matcher matcher = ADDRESS.matcher(out());
        return matcher.results().map(found -> Integer.valueOf(found.group(1))).toList();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + out() + err());
        }
        return process.exitValue();
    }

    /** SIGTERM, as from a service manager. */
    void terminate() {
        process.destroy();
    }

    /** SIGINT, as from Ctrl-C. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** What heeds Ctrl-C again and becomes the command behind it, as on a terminal. Java itself cannot undo what it inherited. */
    private static List<String> heedingInterrupts() throws IOException {
        return interruptIsIgnored() ? List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV or die $!") : List.of();
    }

    /** Whether this JVM was started with SIGINT ignored, as in the background of a script; its children inherit that. */
    private static boolean interruptIsIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT_BIT) != 0);
        }
    }

    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(temporary())) {
            return files.toList();
        }
    }

    String out() {
        return read("out");
    }

    String err() {
        return read("err");
    }

    private String read(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path temporary() {
        return directory.resolve("tmp");
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
