package dev.fanfare.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All results, as one table in Markdown: medians, spreads, and ratios within each round. */
final class Table {

    private record Row(Scenario scenario, String container, Way way) {}

    private static final String HEAD = """
            | scenario | container | way | deliveries/s | per CPU-second | spread | p50 / p99 / p99.9 ms | p99 of floor | of tutorial | of floor | RSS | lost, wrong, ended | others |
            |---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """;

    private final Map<Row, List<Result>> rows = new LinkedHashMap<>();
    private final Map<Row, List<Result>> quiet = new LinkedHashMap<>();
    private final List<PublishTurns.Rates> publishes = new ArrayList<>();
    private final List<HistoryTurns.Costs> histories = new ArrayList<>();

    /**
     * One turn.
     *
     * @param before what a turn without trouble showed just before, or {@link Result#NONE}
     */
    void add(Scenario scenario, Contestant contestant, Result before, Result result) {
        var row = row(scenario, contestant);
        rows.computeIfAbsent(row, key -> new ArrayList<>()).add(result);
        quiet.computeIfAbsent(row, key -> new ArrayList<>()).add(before);
    }

    void publish(List<PublishTurns.Rates> rates) {
        publishes.addAll(rates);
    }

    void history(List<HistoryTurns.Costs> costs) {
        histories.addAll(costs);
    }

    private static Row row(Scenario scenario, Contestant contestant) {
        return new Row(scenario, contestant.container(), contestant.way());
    }

    String print() {
        var text = new StringBuilder(HEAD);
        for (var scenario : Scenario.values()) {
            rows.forEach((row, results) -> {
                if (row.scenario() == scenario) {
                    text.append(line(row, results));
                }
            });
        }
        if (!publishes.isEmpty()) {
            text.append("\n| 8 threads publish | hub, messages/s | pool of 8, messages/s | hub / pool | spread |\n");
            text.append("|---|---:|---:|---:|---:|\n");
            publishes.forEach(rates -> text.append(line(rates)));
        }
        if (!histories.isEmpty()) {
            text.append(
                    "\n| 8 threads publish | publishes/s | of Pub/Sub | CPU time of Redis | at 1,000/s: p50 / p99 ms |\n");
            text.append("|---|---:|---:|---:|---:|\n");
            histories.forEach(costs -> text.append(line(costs, histories.get(0))));
        }
        return text.toString();
    }

    private String line(Row row, List<Result> results) {
        if (row.scenario() == Scenario.IDLE) {
            return format(
                    "| idle | %s | %s | | | | | | | | %.1f KiB a session | %d ended | |%n",
                    row.container(),
                    row.way().label(),
                    median(values(results, Result::residentKib)),
                    sum(results, Result::ended));
        }
        var perCpuSecond = values(results, Result::perCpuSecond);
        return format(
                "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %.0f MiB | %d, %d, %d | %.0f %% |%n",
                row.scenario().label(),
                row.container(),
                row.way().label(),
                deliveries(row, results),
                count(median(perCpuSecond)),
                spread(perCpuSecond),
                latencies(results),
                ratio(row, results, Way.FLOOR, Result::p99),
                ratio(row, results, Way.TUTORIAL, Result::perCpuSecond),
                ratio(row, results, Way.FLOOR, Result::perCpuSecond),
                median(values(results, Result::residentKib)) / 1024,
                sum(results, Result::lost),
                sum(results, Result::wrong),
                sum(results, Result::ended),
                100 * median(values(results, Result::foreign)));
    }

    /** Beside slow readers and reconnects also what that makes of what was delivered in the turn before, without them. */
    private String deliveries(Row row, List<Result> results) {
        var here = count(median(values(results, Result::deliveries)));
        return row.scenario() == Scenario.TROUBLE
                ? here + ", " + ratio(results, quiet.getOrDefault(row, List.of()), Result::deliveries) + " of quiet"
                : here;
    }

    private static String latencies(List<Result> results) {
        return format(
                "%.1f / %.1f / %.1f",
                median(values(results, Result::p50)),
                median(values(results, Result::p99)),
                median(values(results, Result::p999)));
    }

    private String ratio(Row row, List<Result> results, Way to, ToDoubleFunction<Result> value) {
        @Nullable List<Result> others = rows.get(new Row(row.scenario(), row.container(), to));
        return others == null ? "–" : ratio(results, others, value);
    }

    private static String ratio(List<Result> results, List<Result> others, ToDoubleFunction<Result> value) {
        return range(values(results, value), values(others, value));
    }

    /** The median of the rounds' ratios, and where there are several rounds, the least and the greatest. */
    private static String range(List<Double> values, List<Double> others) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), others.size()); i++) {
            ratios.add(values.get(i) / others.get(i));
        }
        var known = ratios.stream().filter(ratio -> !ratio.isNaN()).sorted().toList();
        return known.size() < 2
                ? format("%.2f", median(ratios))
                : format("%.2f (%.2f–%.2f)", median(ratios), known.get(0), known.get(known.size() - 1));
    }

    private static String line(PublishTurns.Rates rates) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rates.hub().size(); i++) {
            ratios.add(rates.hub().get(i) / rates.pool().get(i));
        }
        return format(
                "| %s | %s | %s | %.1f | %s |%n",
                rates.network(),
                count(median(rates.hub())),
                count(median(rates.pool())),
                median(ratios),
                spread(ratios));
    }

    private static String line(HistoryTurns.Costs costs, HistoryTurns.Costs plain) {
        return format(
                "| %s | %s | %s | %.1f µs | %.2f / %.2f |%n",
                costs.way(),
                count(median(costs.rates())),
                range(costs.rates(), plain.rates()),
                median(costs.redisMicros()),
                median(costs.p50()),
                median(costs.p99()));
    }

    private static List<Double> values(List<Result> results, ToDoubleFunction<Result> value) {
        return results.stream().mapToDouble(value).boxed().toList();
    }

    private static long sum(List<Result> results, java.util.function.ToLongFunction<Result> value) {
        return results.stream().mapToLong(value).sum();
    }

    /** Of those that are known; NaN if none is. */
    static double median(List<Double> values) {
        var sorted = values.stream().filter(value -> !value.isNaN()).sorted().toList();
        int size = sorted.size();
        if (size == 0) {
            return Double.NaN;
        }
        return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }

    /** How far the least and the greatest are from the median. */
    private static String spread(List<Double> values) {
        double middle = median(values);
        double least = values.stream().min(Double::compare).orElse(middle);
        double greatest = values.stream().max(Double::compare).orElse(middle);
        return format("%+.0f %+.0f %%", 100 * (least / middle - 1), 100 * (greatest / middle - 1));
    }

    private static String count(double value) {
        if (Double.isNaN(value)) {
            return "failed";
        }
        return value >= 1e6 ? format("%.2f M", value / 1e6) : format("%,.0f", value);
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
