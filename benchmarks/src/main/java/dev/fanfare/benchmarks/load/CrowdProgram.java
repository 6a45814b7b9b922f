package dev.fanfare.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A crowd in a process of its own, {@code CrowdProgram PORT SESSIONS}: one process may not open as many files as a fleet has
 * sessions. It does what lines on its standard input say, one after the other, receives meanwhile, and ends with them.
 */
public final class CrowdProgram {

    private static final String END = "end";

    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private final Crowd crowd;

    private CrowdProgram(Crowd crowd) {
        this.crowd = crowd;
    }

    /** Runs until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        var traffic = Scenario.FLEET.traffic().withSessions(Integer.parseInt(arguments[1]));
        try (var crowd = new Crowd(List.of(Integer.parseInt(arguments[0])), traffic)) {
            new CrowdProgram(crowd).run();
        }
    }

    private void run() throws IOException {
        var reader = new Thread(this::readCommands, "commands");
        reader.setDaemon(true);
        reader.start();
        say("ready 0");
        while (true) {
            crowd.listen(() -> !commands.isEmpty());
            var command = commands.poll();
            if (command == null || command.equals(END)) {
                return;
            }
            obey(command.split(" ", 2));
        }
    }

    private void readCommands() {
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
            }
        } catch (IOException e) {
            // The runner is gone.
        }
        commands.add(END);
    }

    private void obey(String[] command) throws IOException {
        switch (command[0]) {
            case "open" -> {
                crowd.open();
                crowd.ledger().measureFrom(System.nanoTime());
                say("opened");
            }
            case "publish" -> {
                crowd.startPublishing();
                crowd.run(Double.parseDouble(command[1]));
                crowd.stopPublishing();
                say("published " + crowd.sent());
            }
            case "account" -> {
                crowd.account(publisher -> Long.parseLong(command[1]));
                var ledger = crowd.ledger();
                var latencies = ledger.latencies();
                say(String.format(
                        Locale.ROOT,
                        "account %d %d %d %d %f %f %f",
                        ledger.delivered(),
                        ledger.lost(),
                        ledger.wrong(),
                        crowd.ended(),
                        latencies.millis(0.5),
                        latencies.millis(0.99),
                        latencies.millis(0.999)));
            }
            default -> throw new IllegalArgumentException(command[0]);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
