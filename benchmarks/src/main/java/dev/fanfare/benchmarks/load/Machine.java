package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** What the operating system says about processes; memory and the whole machine's CPU time on Linux only. */
final class Machine {

    private static final double TICKS_PER_SECOND = 100;
    private static final int IDLE_FIELD = 4;
    private static final int IO_WAIT_FIELD = 5;
    private static final int LAST_FIELD = 8; // stolen; what guests get is counted in the first two already

    private Machine() {}

    /** When, on what, and how busy it was in the last 1, 5 and 15 minutes. */
    static String describe() {
        var load = firstLine(Path.of("/proc/loadavg"), "").strip().split(" ", -1);
        return String.format(
                Locale.ROOT,
                "%s UTC, %d processors, %s %s, JDK %s, load %s",
                LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version").replaceFirst("-.*", ""),
                System.getProperty("java.version"),
                String.join(" ", List.of(load).subList(0, Math.min(3, load.length))));
    }

    /** CPU seconds that the processes have used so far. */
    static double cpuSeconds(List<ProcessHandle> processes) {
        double sum = 0;
        for (var process : processes) {
            sum += process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
        }
        return sum;
    }

    /**
     * CPU seconds that the whole machine has had so far, and those of them that went to programs that are neither this
     * process nor started by it.
     */
    record Times(double all, double foreign) {
        /** Which share others had from then to now. */
        double foreignShareSince(Times then) {
            return (foreign - then.foreign) / (all - then.all);
        }
    }

    static Times times() {
        var line = firstLine(Path.of("/proc/stat"), "cpu ");
        if (line.isEmpty()) {
            return new Times(Double.NaN, Double.NaN);
        }
        var fields = line.strip().split("\\s+", -1);
        double all = 0;
        double idle = 0;
        for (int i = 1; i <= LAST_FIELD; i++) {
            double seconds = Double.parseDouble(fields[i]) / TICKS_PER_SECOND;
            all += seconds;
            idle += i == IDLE_FIELD || i == IO_WAIT_FIELD ? seconds : 0;
        }
        var current = ProcessHandle.current();
        double ours =
                cpuSeconds(List.of(current)) + cpuSeconds(current.descendants().toList());
        return new Times(all, all - idle - ours);
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
