package dev.fanfare.servers;

import dev.fanfare.fixtures.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server in a process of its own, which deploys what is put into a directory. */
abstract class Server implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final Path log;
    private final Path deployments;
    private final Process process;

    /** Starts {@code command}; what it says comes into {@code log}. */
    Server(int port, Path log, Path deployments, List<String> command, Map<String, String> environment) {
        this.port = port;
        this.log = log;
        this.deployments = deployments;
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    int port() {
        return port;
    }

    /** Puts {@code war} where the server finds it, as {@code name}, and waits until its {@code path} answers. */
    void deploy(String name, Path war, String path) {
        put(name, war);
        Await.until(this + " answers at " + path, PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(this + " has ended: " + log());
            }
            return status(path) == 200;
        });
    }

    /** Puts {@code war} where the server finds it, at once. */
    void put(String name, Path war) {
        try {
            Path whole = Files.copy(war, deployments.resolveSibling(name), StandardCopyOption.REPLACE_EXISTING);
            Files.move(whole, deployments.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes {@code name} away, and waits until its {@code path} is unknown. */
    void undeploy(String name, String path) {
        try {
            Files.delete(deployments.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until(this + " no longer answers at " + path, PATIENCE, () -> status(path) == 404);
    }

    String get(String path) {
        return answer(path).body();
    }

    /** The status of the answer, or 0 if nobody listens. */
    int status(String path) {
        try {
            return answer(path).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    private HttpResponse<String> answer(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What it has logged. */
    String log() {
        return read(log);
    }

    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that nobody listens to. */
    static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy of {@code from} with everything in it, or an empty directory if that is not there. */
    static Path fresh(Path directory, Path from) {
        try {
            Path copy = Files.createTempDirectory(Files.createDirectories(directory), "node");
            try (Stream<Path> walk = Files.exists(from) ? Files.walk(from) : Stream.of()) {
                for (Path file : walk.filter(Files::isRegularFile).toList()) {
                    Path target = copy.resolve(from.relativize(file));
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // Some scripts become the server, others start it and do not pass on that they are told to end.
        List<ProcessHandle> started = process.descendants().toList();
        if (started.isEmpty()) {
            process.destroy();
        }
        started.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError(this + " does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            kill();
        }
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName();
    }
}
