package dev.fanfare.redis;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Which server of a cluster has which slot. Servers do not learn of a change all at once, and one that was cut off believes
 * for a while what was true before; so each claim has the epoch of its server, and a newer one is never given up for an
 * older. Immutable.
 */
final class SlotMap {

    static final int SLOTS = 16_384;

    /** A master, as somebody saw it. */
    private record Master(String id, HostAndPort address, long epoch) {}

    private final @Nullable Master[] masters;

    private SlotMap(@Nullable Master[] masters) {
        this.masters = masters;
    }

    /**
     * Reads the answer to CLUSTER NODES, of a server that was reached as {@code asked}.
     *
     * @param hostNames whether to prefer the names of servers to their addresses
     * @param known what was known before, or null
     * @throws RuntimeException if it is none
     */
    static SlotMap read(String nodes, HostAndPort asked, boolean hostNames, @Nullable SlotMap known) {
        var claims = new @Nullable Master[SLOTS];
        Set<String> present = new HashSet<>();
        for (var line : nodes.lines().toList()) {
            var words = List.of(line.split(" ", -1));
            present.add(words.get(0));
            var flags = Set.of(words.get(2).split(",", -1));
            if (flags.contains("master") && !flags.contains("noaddr") && !flags.contains("handshake")) {
                var master =
                        new Master(words.get(0), address(words.get(1), asked, hostNames), Long.parseLong(words.get(6)));
                words.stream()
                        .skip(8)
                        .filter(range -> !range.isEmpty() && !range.startsWith("["))
                        .forEach(range -> claim(claims, range, master));
            }
        }
        return new SlotMap(known == null ? claims : newest(claims, present, known.masters));
    }

    private static void claim(@Nullable Master[] claims, String range, Master master) {
        var ends = range.split("-", -1);
        Arrays.fill(claims, Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1, master);
    }

    /** Each with the newer claim; one of a server that nobody knows any more counts for nothing. */
    private static @Nullable Master[] newest(@Nullable Master[] claims, Set<String> present, @Nullable Master[] known) {
        var newest = new @Nullable Master[SLOTS];
        for (int slot = 0; slot < SLOTS; slot++) {
            var before = known[slot];
            var now = claims[slot];
            boolean older = before != null && present.contains(before.id) && (now == null || now.epoch < before.epoch);
            newest[slot] = older ? before : now;
        }
        return newest;
    }

    /** {@code ip:port@busPort[,hostName[,…]]}; without an IP it is the server that was asked. */
    private static HostAndPort address(String word, HostAndPort asked, boolean hostNames) {
        var parts = word.split(",", -1);
        var address = parts[0].replaceFirst("@.*", "");
        int colon = address.lastIndexOf(':');
        var host = address.substring(0, colon);
        if (hostNames && parts.length > 1 && !parts[1].isEmpty() && !parts[1].contains("=")) {
            host = parts[1];
        }
        return new HostAndPort(host.isEmpty() ? asked.getHost() : host, Integer.parseInt(address.substring(colon + 1)));
    }

    /** Who has {@code slot}, or null if nobody has. */
    @Nullable
    HostAndPort owner(int slot) {
        var master = masters[slot];
        return master == null ? null : master.address;
    }

    Set<HostAndPort> owners() {
        Set<HostAndPort> owners = new HashSet<>();
        for (var master : masters) {
            if (master != null) {
                owners.add(master.address);
            }
        }
        return owners;
    }
}
