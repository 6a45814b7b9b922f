package dev.fanfare;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The history of a {@link LocalBroadcaster}, in memory, in one epoch. For one thread at a time. */
final class LocalHistory {

    private record Kept(Position position, Message message, Instant at) {}

    private static final class Log {
        final Deque<Kept> kept = new ArrayDeque<>();
        Position top = Position.START;
    }

    private final long epoch = System.currentTimeMillis();
    private final List<History.Retention> retentions = new ArrayList<>();
    private final Map<String, Log> logs = new HashMap<>();

    void retain(History.Retention retention) {
        retentions.add(retention);
    }

    History.@Nullable Retention retention(String channel) {
        for (var retention : retentions) {
            if (retention.matches(channel)) {
                return retention;
            }
        }
        return null;
    }

    /** Keeps a message; null if the channel has no history. */
    @Nullable
    Position add(String channel, Message message) {
        var retention = retention(channel);
        if (retention == null) {
            return null;
        }
        var log = logs.computeIfAbsent(channel, name -> new Log());
        log.top = new Position(epoch, log.top.offset() + 1);
        log.kept.add(new Kept(log.top, message, Instant.now()));
        trim(log, retention);
        return log.top;
    }

    private static void trim(Log log, History.Retention retention) {
        var oldest = Instant.now().minus(retention.age());
        while (!log.kept.isEmpty()
                && (log.kept.size() > retention.messages()
                        || log.kept.element().at().isBefore(oldest))) {
            log.kept.remove();
        }
    }

    private Log log(String channel) {
        var log = logs.getOrDefault(channel, new Log());
        var retention = retention(channel);
        if (retention != null) {
            trim(log, retention);
        }
        return log;
    }

    History.Page after(String channel, Position position, int limit) {
        var log = log(channel);
        boolean unknown = position.epoch() == log.top.epoch()
                ? position.offset() > log.top.offset()
                : !position.equals(Position.START);
        var entries = log.kept.stream()
                .filter(kept -> unknown || kept.position().isAfter(position))
                .limit(limit)
                .map(kept -> new History.Entry(kept.position(), kept.message()))
                .toList();
        if (unknown) {
            return page(entries, log.top, Gap.Reason.HISTORY_LOST, OptionalLong.empty());
        }
        long next = entries.isEmpty()
                ? log.top.offset() + 1
                : entries.get(0).position().offset();
        long lost = next - position.offset() - 1;
        return lost == 0
                ? page(entries, log.top, null, OptionalLong.empty())
                : page(entries, log.top, Gap.Reason.HISTORY_TRIMMED, OptionalLong.of(lost));
    }

    History.Page newest(String channel, int limit) {
        var log = log(channel);
        var entries = log.kept.stream()
                .skip(Math.max(0, log.kept.size() - limit))
                .map(kept -> new History.Entry(kept.position(), kept.message()))
                .toList();
        return page(entries, log.top, null, OptionalLong.empty());
    }

    private static History.Page page(
            List<History.Entry> entries, Position top, Gap.@Nullable Reason gap, OptionalLong lost) {
        var end = entries.isEmpty() ? top : entries.get(entries.size() - 1).position();
        return new History.Page(entries, end, top, gap, lost);
    }
}
