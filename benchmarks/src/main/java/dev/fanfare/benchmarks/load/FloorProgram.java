package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The floor, compiled where there is a C compiler. */
final class FloorProgram implements AutoCloseable {

    private final Path directory;

    private FloorProgram(Path directory) {
        this.directory = directory;
    }

    /** Compiles it with {@code cc}; null if there is none, or it does not compile here. */
    static @Nullable FloorProgram compile() throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("fanfare-floor-");
        var program = new FloorProgram(directory);
        try (var source = FloorProgram.class.getResourceAsStream("floor.c")) {
            if (source == null) {
                throw new IOException("floor.c is missing");
            }
            Files.copy(source, directory.resolve("floor.c"));
        }
        var compiler = new ProcessBuilder("cc", "-O2", "-o", "floor", "floor.c").directory(directory.toFile());
        try {
            if (compiler.inheritIO().start().waitFor() == 0) {
                return program;
            }
        } catch (IOException e) {
            // There is no compiler.
        }
        program.close();
        return null;
    }

    List<String> command(String redisUri) {
        int redisPort = URI.create(redisUri).getPort();
        return List.of(directory.resolve("floor").toString(), Integer.toString(redisPort), "room-0");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(directory.resolve("floor"));
        Files.deleteIfExists(directory.resolve("floor.c"));
        Files.deleteIfExists(directory);
    }
}
