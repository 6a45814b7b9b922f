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

    private static final double WARM_UP_TURN_SECONDS = 2;

    /** A machine that gives less than a third of its time is too busy. */
    private static final double MOST_TIMES_WARM_UP = 3;

    private final Options options;
    private final Table table = new Table();

    public LoadRunner(Options options) {
        this.options = options;
    }

    /** Blocks until everything is measured and printed. */
    public void run() throws Exception {
        say(
                "%s; each way warms up for %.0f s of CPU time, then %d rounds of turns of %.0f s, of which medians are printed",
                options.scenarios(), options.warmUp(), options.rounds(), options.seconds());
        var start = Machine.describe();
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
                many(Scenario.IDLE, 1, redis.uri(), floor, IdleTurn::run);
            }
            if (options.scenarios().contains(Scenario.FLEET)) {
                many(Scenario.FLEET, Fleet.NODES, redis.uri(), floor, Fleet::run);
            }
            if (options.scenarios().contains(Scenario.PUBLISH)) {
                table.publish(new PublishTurns(redis, options).run());
            }
            if (options.scenarios().contains(Scenario.HISTORY)) {
                table.history(new HistoryTurns(options).run());
            }
        } finally {
            if (floor != null) {
                floor.close();
            }
        }
        System.out.println(table.print());
        System.out.println("From " + start + "\nto " + Machine.describe());
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
            if (options.scenarios().stream()
                    .noneMatch(scenario -> scenario.isTurns() && way.takesPart(scenario, container))) {
                continue;
            }
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

    /**
     * Until its processes have had so much CPU time: on a machine that is busy elsewhere, seconds of the clock say nothing
     * about how far the JIT compilers are.
     */
    private void warmUp(Contestant contestant) {
        if (contestant.way() == Way.FLOOR) {
            return;
        }
        double used = Machine.cpuSeconds(contestant.processes());
        long end = System.nanoTime() + (long) (options.warmUp() * MOST_TIMES_WARM_UP * 1e9);
        try {
            for (int i = 0; Machine.cpuSeconds(contestant.processes()) - used < options.warmUp(); i++) {
                if (System.nanoTime() - end > 0) {
                    say(
                            "%s had only %.0f s of CPU time to warm up",
                            contestant.label(), Machine.cpuSeconds(contestant.processes()) - used);
                    return;
                }
                var scenario = i % 2 == 0 ? Scenario.SATURATED : Scenario.PACED;
                turn(contestant, scenario.traffic(), WARM_UP_TURN_SECONDS, 0);
            }
        } catch (IOException | IllegalStateException e) {
            say("%s did not warm up: %s", contestant.label(), e);
        }
    }

    private void round(Scenario scenario, List<Contestant> contestants) {
        for (var contestant : contestants) {
            if (!contestant.way().takesPart(scenario, contestant.container())) {
                continue;
            }
            try {
                var traffic = options.traffic(scenario);
                var before = scenario == Scenario.TROUBLE ? turn(contestant, traffic.quiet()) : Result.NONE;
                var result = turn(contestant, traffic);
                table.add(scenario, contestant, before, result);
                say(
                        "%s %s: %.0f deliveries/s, %.0f per CPU-second, p99 %.1f ms, others used %.0f %% of the machine",
                        scenario.label(),
                        contestant.label(),
                        result.deliveries(),
                        result.perCpuSecond(),
                        result.p99(),
                        100 * result.foreign());
            } catch (IOException | IllegalStateException e) {
                table.add(scenario, contestant, Result.NONE, Result.NONE); // keeps the rounds of the others aligned
                say("%s %s failed: %s", scenario.label(), contestant.label(), e);
            }
        }
    }

    private Result turn(Contestant contestant, Traffic traffic) throws IOException {
        return turn(contestant, traffic, LEAD_SECONDS, options.seconds());
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

    /** What is done with nodes of its own, and once, because they do not forget how many sessions they had. */
    private interface Once {
        Result run(Contestant contestant, Traffic traffic) throws IOException;
    }

    private void many(Scenario scenario, int nodes, String redisUri, @Nullable FloorProgram floor, Once once) {
        for (var container : options.containers()) {
            for (var way : options.ways()) {
                if (!way.takesPart(scenario, container)) {
                    continue;
                }
                try (var contestant = Contestant.start(container, way, nodes, Contestant.SMALL_JVM, redisUri, floor)) {
                    if (contestant != null) {
                        var result = once.run(contestant, options.traffic(scenario));
                        table.add(scenario, contestant, Result.NONE, result);
                        say("%s %s: %.1f KiB", scenario.label(), contestant.label(), result.residentKib());
                    }
                } catch (IOException | IllegalStateException e) {
                    say("%s %s %s failed: %s", scenario.label(), container, way.label(), e);
                }
            }
        }
    }

    /** Progress goes where it does not get into the table. */
    static void say(String format, Object... arguments) {
        System.err.println(String.format(Locale.ROOT, format, arguments));
    }
}
