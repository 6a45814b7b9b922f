package dev.fanfare.benchmarks.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the command line asks for.
 *
 * @param rounds how often each contestant has its turn
 * @param seconds how long a turn is measured
 * @param warmUp how long, in seconds of CPU time, a contestant works before its first turn
 * @param brief fewer rounds where only a glance is wanted, and fewer sessions where there are very many
 */
public record Options(
        List<Scenario> scenarios,
        List<String> containers,
        List<Way> ways,
        int rounds,
        double seconds,
        double warmUp,
        boolean brief) {

    static final String USAGE = """
            options, all of them optional:
              short                        fewer rounds, shorter turns, 4,000 sessions for a node where there are more
              scenarios=paced,saturated    of paced saturated curve rooms large trouble crowd idle fleet publish history
              containers=tomcat,jetty      of tomcat jetty undertow tyrus
              ways=tutorial,fast           of tutorial portable fast untuned floor, and fast_2ms fast_5ms fast_10ms fast_20ms
              rounds=5 seconds=6 warmup=15
            """;

    private static final int MANY_IF_BRIEF = 4_000;

    private static final List<String> CONTAINERS = List.of("tomcat", "jetty", "undertow", "tyrus");

    /**
     * Understands the arguments.
     *
     * @throws IllegalArgumentException if there is one that is not an option
     */
    public static Options parse(String... arguments) {
        boolean brief = Arrays.asList(arguments).contains("short");
        var given = Arrays.stream(arguments)
                .filter(argument -> !argument.equals("short"))
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair.length > 1 ? pair[1] : ""));
        var known = List.of("scenarios", "containers", "ways", "rounds", "seconds", "warmup");
        if (!known.containsAll(given.keySet())) {
            throw new IllegalArgumentException("not an option among " + given.keySet() + "; " + USAGE);
        }
        return new Options(
                list(given, "scenarios", List.of(Scenario.values()), name -> Scenario.valueOf(upper(name))),
                list(given, "containers", CONTAINERS, Options::container),
                list(given, "ways", List.of(Way.values()), name -> Way.valueOf(upper(name))),
                Integer.parseInt(given.getOrDefault("rounds", brief ? "2" : "5")),
                Double.parseDouble(given.getOrDefault("seconds", brief ? "2" : "6")),
                Double.parseDouble(given.getOrDefault("warmup", brief ? "5" : "15")),
                brief);
    }

    private static <T> List<T> list(
            Map<String, String> given, String name, List<T> otherwise, Function<String, T> parse) {
        var value = given.get(name);
        return value == null
                ? otherwise
                : Arrays.stream(value.split(",", -1)).map(parse).toList();
    }

    private static String container(String name) {
        if (!CONTAINERS.contains(name)) {
            throw new IllegalArgumentException("no container is called " + name + "; " + USAGE);
        }
        return name;
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    /** A median of some rounds for the two that are quoted; in a short run, one glance at everything else. */
    int rounds(Scenario scenario) {
        boolean quoted = scenario == Scenario.PACED || scenario == Scenario.SATURATED;
        return brief && !quoted ? 1 : rounds;
    }

    Traffic traffic(Scenario scenario) {
        var traffic = scenario.traffic();
        if (!brief) {
            return traffic;
        }
        return switch (scenario) {
            case IDLE, CROWD -> traffic.withSessions(MANY_IF_BRIEF);
            case FLEET -> traffic.withSessions(Fleet.NODES * MANY_IF_BRIEF);
            default -> traffic;
        };
    }
}
