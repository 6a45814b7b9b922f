package dev.fanfare.benchmarks.load;

import dev.fanfare.benchmarks.ClassPath;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node, or a crowd, in a process of its own, which ends with this one. */
final class NodeProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final int port;

    private NodeProcess(List<String> command) throws IOException {
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        try {
            this.port = Integer.parseInt(await("ready "));
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Starts a program that says {@code ready PORT}, and waits for that. */
    static NodeProcess start(List<String> command) throws IOException {
        return new NodeProcess(command);
    }

    /** The command for a class of this program, in a JVM like this one with the given options. */
    static List<String> java(List<String> options, String mainClass, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", ClassPath.ofThisProgram(), mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    int port() {
        return port;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Has a JVM free what it does not need; blocks until it has. */
    void collectGarbage() throws IOException {
        ask("gc", "collected");
    }

    /** Gives it a command; blocks until it says something that begins with {@code answer}, and returns the rest of that. */
    String ask(String command, String answer) throws IOException {
        in.write(command + "\n");
        in.flush();
        return await(answer);
    }

    private String await(String start) throws IOException {
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(start)) {
                return line.substring(start.length());
            }
        }
        throw new IOException("a process ended before it said \"" + start + "\"");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS); // so that it takes no CPU time from the next one
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
