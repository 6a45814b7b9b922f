package dev.fanfare.benchmarks.load;

import java.util.List;

/** The part of a turn that is measured: from its construction to {@link #end}. */
final class Window {

    private final List<ProcessHandle> processes;
    private final Ledger ledger;
    private final double cpuBefore;
    private final Machine.Times before;
    private final long deliveredBefore;
    private final long startedAt;
    private double seconds;
    private double cpu;
    private double foreign;
    private double residentKib;
    private long delivered;

    Window(List<ProcessHandle> processes, Ledger ledger) {
        this.processes = processes;
        this.ledger = ledger;
        this.before = Machine.times();
        this.cpuBefore = Machine.cpuSeconds(processes);
        this.startedAt = System.nanoTime();
        this.deliveredBefore = ledger.delivered();
        ledger.measureFrom(startedAt);
    }

    void end() {
        long now = System.nanoTime();
        ledger.measureTo(now);
        delivered = ledger.delivered() - deliveredBefore;
        cpu = Machine.cpuSeconds(processes) - cpuBefore;
        foreign = Machine.times().foreignShareSince(before);
        seconds = (now - startedAt) / 1e9;
        residentKib = Machine.residentKib(processes);
    }

    Result result(long ended) {
        var latencies = ledger.latencies();
        return new Result(
                delivered / seconds,
                delivered / cpu,
                latencies.millis(0.5),
                latencies.millis(0.99),
                latencies.millis(0.999),
                foreign,
                residentKib,
                ledger.lost(),
                ledger.wrong(),
                ended);
    }
}
