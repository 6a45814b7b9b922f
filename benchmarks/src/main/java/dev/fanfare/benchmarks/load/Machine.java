package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the operating system says about processes; memory and the whole machine's CPU time on Linux only. */
final class Machine {

    private static final double TICKS_PER_SECOND = 100;

    private Machine() {}

    /** CPU seconds that the processes have used so far. */
    static double cpuSeconds(List<ProcessHandle> processes) {
        double sum = 0;
        for (var process : processes) {
            sum += process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
        }
        return sum;
    }

    /** CPU seconds that this machine has used for anything that is neither this process nor one that it started. */
    static double foreignCpuSeconds() {
        var line = firstLine(Path.of("/proc/stat"), "cpu ");
        if (line.isEmpty()) {
            return Double.NaN;
        }
        var fields = line.strip().split("\\s+", -1);
        double busy = 0;
        for (int i = 1; i < Math.min(fields.length, 9); i++) {
            boolean idle = i == 4 || i == 5;
            busy += idle ? 0 : Double.parseDouble(fields[i]) / TICKS_PER_SECOND;
        }
        var current = ProcessHandle.current();
        return busy
                - cpuSeconds(List.of(current))
                - cpuSeconds(current.descendants().toList());
    }

    /** Resident memory of the processes in KiB, NaN where it cannot be known. */
    static double residentKib(List<ProcessHandle> processes) {
        double sum = 0;
        for (var process : processes) {
            var line = firstLine(Path.of("/proc/" + process.pid() + "/status"), "VmRSS:");
            sum += line.isEmpty() ? Double.NaN : Double.parseDouble(line.strip().split("\\s+", -1)[1]);
        }
        return sum;
    }

    private static String firstLine(Path file, String start) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(start)).findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
