package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Very many sessions on several nodes, one crowd in a process of its own for each node; the first of them publishes. */
final class Fleet implements AutoCloseable {

    static final int NODES = 4;

    private static final int SECONDS = 20;

    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xmx512m");

    private final Contestant contestant;
    private final Traffic traffic;
    private final List<NodeProcess> crowds = new ArrayList<>();

    private Fleet(Contestant contestant, Traffic traffic) {
        this.contestant = contestant;
        this.traffic = traffic;
    }

    /** Opens all sessions, has messages published for a while, and counts. */
    static Result run(Contestant contestant, Traffic traffic) throws IOException {
        try (var fleet = new Fleet(contestant, traffic)) {
            fleet.open();
            return fleet.measure();
        }
    }

    private void open() throws IOException {
        int each = traffic.sessions() / contestant.nodes().size();
        for (int port : contestant.ports()) {
            crowds.add(NodeProcess.start(NodeProcess.java(
                    JVM, CrowdProgram.class.getName(), Integer.toString(port), Integer.toString(each))));
        }
        for (var crowd : crowds) { // one after the other: probes go to all
            crowd.ask("open", "opened");
        }
    }

    private Result measure() throws IOException {
        var processes = contestant.processes();
        var before = Machine.times();
        double cpuBefore = Machine.cpuSeconds(processes);
        var sent = crowds.get(0).ask("publish " + SECONDS, "published ");
        List<double[]> accounts = new ArrayList<>();
        for (var crowd : crowds) {
            accounts.add(numbers(crowd.ask("account " + sent, "account ")));
        }
        double cpu = Machine.cpuSeconds(processes) - cpuBefore;
        double foreign = Machine.times().foreignShareSince(before);
        double resident = Machine.residentKib(processes);
        LoadRunner.say(
                "fleet %s: %.0f MiB, %.0f MiB after garbage collection; %s messages to %d sessions",
                contestant.label(),
                resident / 1024,
                contestant.residentKibAfterCollection() / 1024,
                sent,
                traffic.sessions());
        return new Result(
                sum(accounts, 0) / SECONDS,
                sum(accounts, 0) / cpu,
                greatest(accounts, 4),
                greatest(accounts, 5),
                greatest(accounts, 6),
                foreign,
                resident,
                (long) sum(accounts, 1),
                (long) sum(accounts, 2),
                (long) sum(accounts, 3));
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static double sum(List<double[]> accounts, int column) {
        return accounts.stream().mapToDouble(account -> account[column]).sum();
    }

    /** Of percentiles there is no sum: that of the crowd that waited longest. */
    private static double greatest(List<double[]> accounts, int column) {
        return accounts.stream().mapToDouble(account -> account[column]).max().orElse(Double.NaN);
    }

    @Override
    public void close() {
        crowds.forEach(NodeProcess::close);
    }
}
