package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Position;
import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was accepted, and what every client got on all the nodes that it was on; hears it line by line. Thread-safe. */
final class ChaosAccount {

    /** A message that a client got. */
    record Got(@Nullable Position position, String text) {}

    /** What a client was told is missing: before what it got as number {@code before}. */
    record Told(int before, String reason, Instant from, Instant to) {}

    record Accepted(@Nullable Position position, String text, Instant at, Instant until) {
        boolean within(Instant from, Instant to) {
            return !from.isAfter(until) && !to.isBefore(at);
        }
    }

    private record Uncertain(Instant from, Instant to) {}

    static final class Client {
        private final List<Got> got = new ArrayList<>();
        private final List<Told> gaps = new ArrayList<>();

        synchronized void got(@Nullable Position position, String text) {
            got.add(new Got(position, text));
        }

        synchronized void gap(String reason, Instant from, Instant to) {
            gaps.add(new Told(got.size(), reason, from, to));
        }

        synchronized List<Got> got() {
            return List.copyOf(got);
        }

        synchronized List<Told> gaps() {
            return List.copyOf(gaps);
        }

        /** Where it goes on. */
        synchronized @Nullable Position last() {
            return got.isEmpty() ? null : got.get(got.size() - 1).position();
        }

        synchronized boolean has(String text) {
            for (int i = got.size() - 1; i >= 0; i--) {
                if (got.get(i).text().equals(text)) {
                    return true;
                }
            }
            return false;
        }
    }

    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Uncertain> uncertain = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
    private volatile int count;

    Client client(String name) {
        return clients.computeIfAbsent(name, unknown -> new Client());
    }

    Collection<Client> clients() {
        return clients.values();
    }

    void hear(String line) {
        var words = line.split(" ", -1);
        switch (words[0]) {
            case "got" -> client(words[1]).got(position(words[2]), words[3]);
            case "gap" -> client(words[1]).gap(words[2], Instant.parse(words[3]), Instant.parse(words[4]));
            case "accepted" -> accept(words);
            case "uncertain" -> uncertain.add(new Uncertain(Instant.parse(words[1]), Instant.parse(words[2])));
            default -> events.add(line); // ready, joined, stopped
        }
    }

    private synchronized void accept(String[] words) {
        accepted.add(new Accepted(position(words[1]), words[2], Instant.parse(words[3]), Instant.parse(words[4])));
        count++;
    }

    private static @Nullable Position position(String text) {
        return text.equals("-") ? null : Position.parse(text);
    }

    /** Waits for what a node says once. */
    void await(String event) {
        Await.until(event + " of " + events, Duration.ofSeconds(40), () -> events.remove(event));
    }

    /** Waits until so many more messages were accepted, of whatever node. */
    void awaitAccepted(int more) {
        int before = count;
        Await.until(more + " more are accepted", Duration.ofSeconds(40), () -> count >= before + more);
    }

    int count() {
        return count;
    }

    Position newest() {
        return accepted.stream()
                .map(one -> Objects.requireNonNull(one.position()))
                .reduce(Position.START, (one, two) -> two.isAfter(one) ? two : one);
    }

    /** Waits until every client is at {@code position} or behind it. */
    void awaitEverybody(Position position) {
        Await.until(
                "everybody is at " + position,
                Duration.ofSeconds(40),
                () -> clients.values().stream().allMatch(client -> {
                    var last = client.last();
                    return last != null && !position.isAfter(last);
                }));
    }

    void awaitEverybody(String text) {
        Await.until(
                "everybody got " + text,
                Duration.ofSeconds(40),
                () -> clients.values().stream().allMatch(client -> client.has(text)));
    }

    /** Each message once, and in the order of the channel. */
    void assertOrder() {
        clients.forEach((name, client) -> {
            var got = client.got();
            for (int i = 1; i < got.size(); i++) {
                var before = Objects.requireNonNull(got.get(i - 1).position());
                var one = Objects.requireNonNull(got.get(i).position());
                assertTrue(one.isAfter(before), name + " got " + got.get(i) + " behind " + got.get(i - 1));
            }
            var texts = new HashSet<String>();
            got.forEach(one -> assertTrue(texts.add(one.text()), name + " got twice " + one));
        });
        accepted.stream()
                .map(one -> one.text().substring(0, one.text().indexOf(':')))
                .distinct()
                .forEach(this::assertOrderOf);
    }

    /** What one node sent was accepted in its order. */
    private void assertOrderOf(String sender) {
        var sent = accepted.stream()
                .filter(one -> one.text().startsWith(sender + ":"))
                .sorted((one, two) -> Integer.compare(number(one.text()), number(two.text())))
                .toList();
        for (int i = 1; i < sent.size(); i++) {
            var before = Objects.requireNonNull(sent.get(i - 1).position());
            var one = Objects.requireNonNull(sent.get(i).position());
            assertTrue(one.isAfter(before), sent.get(i) + " was accepted before " + sent.get(i - 1));
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text.substring(text.indexOf(':') + 1));
    }

    /** Everybody got everything that was accepted, and nobody was told of a gap. */
    void assertNothingIsMissing() {
        clients.forEach((name, client) -> {
            var got = Set.copyOf(client.got());
            var missing = accepted.stream()
                    .filter(one -> !got.contains(new Got(one.position(), one.text())))
                    .toList();
            assertEquals(List.of(), missing, () -> name + ", of " + count);
            assertEquals(List.of(), client.gaps(), name);
        });
    }

    /** Whoever did not get what was accepted was told so between what came before it and what came behind; returns how many. */
    long assertGapsWhereSomethingIsMissing() {
        return clients.keySet().stream().mapToLong(this::assertGapsOf).sum();
    }

    private long assertGapsOf(String name) {
        var client = client(name);
        var got = client.got();
        var texts = got.stream().map(Got::text).collect(Collectors.toSet());
        var missing =
                accepted.stream().filter(one -> !texts.contains(one.text())).toList();
        for (var one : missing) {
            int at = behind(got, Objects.requireNonNull(one.position()));
            assertTrue(
                    client.gaps().stream().anyMatch(gap -> gap.before() == at),
                    () -> name + " misses " + one + " and was told only of " + client.gaps());
        }
        return missing.size();
    }

    private static int behind(List<Got> got, Position position) {
        int at = 0;
        while (at < got.size()
                && !Objects.requireNonNull(got.get(at).position()).isAfter(position)) {
            at++;
        }
        return at;
    }

    /** Everybody got every one of {@code texts}. */
    void assertEverybodyGot(List<String> texts) {
        clients.forEach((name, client) -> {
            var missing = new ArrayList<>(texts);
            missing.removeAll(client.got().stream().map(Got::text).collect(Collectors.toSet()));
            assertEquals(List.of(), missing, () -> name + ", of " + texts.size());
        });
    }

    /** Without history: what {@code name} did not get lies in a gap of it, or its sender said that it is uncertain. */
    long assertGapsCover(String name) {
        var client = client(name);
        var got = client.got();
        var texts = new HashSet<String>();
        got.forEach(one -> assertTrue(texts.add(one.text()), name + " got twice " + one));
        var missing =
                accepted.stream().filter(one -> !texts.contains(one.text())).toList();
        for (var one : missing) {
            assertTrue(
                    client.gaps().stream().anyMatch(gap -> one.within(gap.from(), gap.to()))
                            || uncertain.stream().anyMatch(gap -> one.within(gap.from(), gap.to())),
                    () -> name + " misses " + one + " and was told only of " + client.gaps());
        }
        return missing.size();
    }

    /** How many gaps clients were told of for {@code reason}. */
    long told(String reason) {
        return clients.values().stream()
                .flatMap(client -> client.gaps().stream())
                .filter(gap -> gap.reason().equals(reason))
                .count();
    }
}
