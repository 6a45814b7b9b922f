package dev.fanfare.benchmarks.load;

import dev.fanfare.fixtures.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Starts a Redis and, for each container, two nodes for each way; lets the ways take turns, so that what else the machine
 * does hits all of them; prints one table. The nodes of a container live through all rounds: they are warm.
 */
public final class LoadRunner {

    private static final int NODES = 2;

    /** Traffic before a turn is measured. */
    private static final double LEAD_SECONDS = 1;

    private static final int MOST_FILES = 20_000;

    private final Options options;
    private final Table table = new Table();

    public LoadRunner(Options options) {
        this.options = options;
    }

    /** Blocks until everything is measured and printed. */
    public void run() throws Exception {
        say(
                "%s; each way warms up for %.0f s, then %d rounds of turns of %.0f s, of which medians are printed",
                options.scenarios(), options.warmUp(), options.rounds(), options.seconds());
        var floor = FloorProgram.compile();
        if (floor == null) {
            say("no C compiler (cc): without the floor");
        }
        try (var redis = RedisServer.start()) {
            if (options.scenarios().stream().anyMatch(Scenario::isTurns)) {
                for (var container : options.containers()) {
                    container(container, redis.uri(), floor);
                }
            }
            if (options.scenarios().contains(Scenario.IDLE)) {
                idle(redis.uri(), floor);
            }
            if (options.scenarios().contains(Scenario.PUBLISH)) {
                table.publish(new PublishTurns(redis, options).run());
            }
        } finally {
            if (floor != null) {
                floor.close();
            }
        }
        System.out.println(table.print());
    }

    private void container(String container, String redisUri, @Nullable FloorProgram floor) {
        List<Contestant> contestants = new ArrayList<>();
        try {
            start(container, redisUri, floor, contestants);
            for (var contestant : contestants) {
                warmUp(contestant);
            }
            for (var scenario : options.scenarios()) {
                for (int round = 0; scenario.isTurns() && round < options.rounds(scenario); round++) {
                    round(scenario, contestants);
                }
            }
        } finally {
            contestants.forEach(Contestant::close);
        }
    }

    private void start(String container, String redisUri, @Nullable FloorProgram floor, List<Contestant> started) {
        for (var way : options.ways()) {
            try {
                var contestant = Contestant.start(container, way, NODES, Contestant.JVM, redisUri, floor);
                if (contestant != null) {
                    started.add(contestant);
                }
            } catch (IOException e) {
                say("%s %s does not start: %s", container, way.label(), e);
            }
        }
    }

    private void warmUp(Contestant contestant) {
        if (contestant.way() != Way.FLOOR && options.warmUp() > 0) {
            try {
                for (var scenario : List.of(Scenario.SATURATED, Scenario.PACED)) {
                    turn(contestant, scenario.traffic(), options.warmUp() / 2, 0);
                }
            } catch (IOException | IllegalStateException e) {
                say("%s did not warm up: %s", contestant.label(), e);
            }
        }
    }

    private void round(Scenario scenario, List<Contestant> contestants) {
        for (var contestant : contestants) {
            if (contestant.way() == Way.FLOOR && !scenario.hasFloor()) {
                continue;
            }
            try {
                var result = turn(contestant, options.traffic(scenario), LEAD_SECONDS, options.seconds());
                table.add(scenario, contestant, result);
                say(
                        "%s %s: %.0f deliveries/s, %.0f per CPU-second, p99 %.1f ms, others used %.0f %% of the machine",
                        scenario.label(),
                        contestant.label(),
                        result.deliveries(),
                        result.perCpuSecond(),
                        result.p99(),
                        100 * result.foreign());
            } catch (IOException | IllegalStateException e) {
                table.failed(scenario, contestant);
                say("%s %s failed: %s", scenario.label(), contestant.label(), e);
            }
        }
    }

    private static Result turn(Contestant contestant, Traffic traffic, double lead, double seconds) throws IOException {
        try (var crowd = new Crowd(contestant.ports(), traffic)) {
            crowd.open();
            crowd.startPublishing();
            crowd.run(lead);
            var ledger = crowd.ledger();
            var window = new Window(contestant.processes(), ledger);
            crowd.run(seconds);
            window.end();
            crowd.drain();
            return window.result(crowd.ended());
        }
    }

    private void idle(String redisUri, @Nullable FloorProgram floor) throws Exception {
        var traffic = options.traffic(Scenario.IDLE);
        if (traffic.sessions() > MOST_FILES) {
            throw new IllegalArgumentException("more sessions than files of one process");
        }
        for (var container : options.containers()) {
            for (var way : options.ways()) {
                try (var contestant = Contestant.start(container, way, 1, IdleTurn.JVM, redisUri, floor)) {
                    if (contestant != null) {
                        var result = IdleTurn.run(contestant, traffic);
                        table.add(Scenario.IDLE, contestant, result);
                        say("idle %s: %.1f KiB a session", contestant.label(), result.residentKib());
                    }
                } catch (IOException | IllegalStateException e) {
                    say("idle %s %s failed: %s", container, way.label(), e);
                }
            }
        }
    }

    /** Progress goes where it does not get into the table. */
    static void say(String format, Object... arguments) {
        System.err.println(String.format(Locale.ROOT, format, arguments));
    }
}
