package dev.fanfare;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which sessions of this node joined which channels. Read-only for applications; changed by the hub alone. Thread-safe,
 * never blocks, and weakly consistent: a join or leave shows here a moment before its future completes.
 */
public final class SessionRegistry {

    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> channelsBySession = new ConcurrentHashMap<>();

    SessionRegistry() {}

    /** How many sessions of this node joined {@code channel}. */
    public int count(String channel) {
        return counts.getOrDefault(channel, 0);
    }

    /** The channels that sessions of this node joined: a view that changes with them. */
    public Set<String> channels() {
        return Collections.unmodifiableSet(counts.keySet());
    }

    /** The channels that the session with this id joined; empty if this node does not know the session. */
    public Set<String> channelsOf(String sessionId) {
        return Set.copyOf(channelsBySession.getOrDefault(sessionId, Set.of()));
    }

    void joined(String sessionId, String channel) {
        channelsBySession.merge(sessionId, Set.of(channel), SessionRegistry::both);
        counts.merge(channel, 1, Integer::sum);
    }

    /** Most sessions join one channel, for which a set that can change would be a waste. */
    private static Set<String> both(Set<String> known, Set<String> more) {
        Set<String> all = known;
        if (!(known instanceof ConcurrentHashMap.KeySetView)) {
            all = ConcurrentHashMap.newKeySet();
            all.addAll(known);
        }
        all.addAll(more);
        return all;
    }

    void left(String sessionId, String channel) {
        counts.computeIfPresent(channel, (name, count) -> count == 1 ? null : count - 1);
        channelsBySession.computeIfPresent(sessionId, (id, channels) -> {
            if (!(channels instanceof ConcurrentHashMap.KeySetView)) {
                return channels.contains(channel) ? null : channels;
            }
            channels.remove(channel);
            return channels.isEmpty() ? null : channels;
        });
    }
}
