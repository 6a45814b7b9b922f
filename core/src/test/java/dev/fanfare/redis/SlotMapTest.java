package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;

/** What servers of a cluster say of its slots, and which of them is believed. */
class SlotMapTest {

    private static final HostAndPort ASKED = new HostAndPort("asked", 1);
    private static final HostAndPort ONE = new HostAndPort("10.0.0.1", 6379);
    private static final HostAndPort TWO = new HostAndPort("10.0.0.2", 6379);

    private static SlotMap read(@Nullable SlotMap known, String... lines) {
        return SlotMap.read(String.join("\n", lines), ASKED, false, known);
    }

    private static String master(String id, String address, long epoch, String slots) {
        return id + " " + address + "@16379 master - 0 0 " + epoch + " connected " + slots;
    }

    @Test
    void rangesSingleSlotsAndMigrationsAreRead() {
        var map = read(
                null,
                master("a", "10.0.0.1:6379", 1, "0-99 200 [93->-b]"),
                "b 10.0.0.2:6379@16379 myself,master - 0 0 2 connected 100-199",
                "c 10.0.0.3:6379@16379 slave a 0 0 1 connected");
        assertEquals(ONE, map.owner(0));
        assertEquals(ONE, map.owner(93));
        assertEquals(TWO, map.owner(100));
        assertEquals(TWO, map.owner(199));
        assertEquals(ONE, map.owner(200));
        assertNull(map.owner(201));
        assertEquals(Set.of(ONE, TWO), map.owners());
    }

    @Test
    void anOlderClaimIsNotBelieved() {
        var before = read(null, master("a", "10.0.0.1:6379", 1, "0-99"), master("b", "10.0.0.2:6379", 2, ""));
        var after = read(before, master("a", "10.0.0.1:6379", 1, ""), master("b", "10.0.0.2:6379", 3, "0-99"));
        assertEquals(TWO, after.owner(7));
        var stale = read(after, master("a", "10.0.0.1:6379", 1, "0-99"), master("b", "10.0.0.2:6379", 2, ""));
        assertEquals(TWO, stale.owner(7));
        var staler =
                read(stale, master("a", "10.0.0.1:6379", 1, "0-99"), "b 10.0.0.2:6379@16379 slave a 0 0 1 connected");
        assertEquals(TWO, staler.owner(7), "who was a replica then");
        var back = read(staler, master("a", "10.0.0.1:6379", 4, "0-99"), master("b", "10.0.0.2:6379", 3, ""));
        assertEquals(ONE, back.owner(7));
    }

    @Test
    void aClaimOfAServerThatNobodyKnowsAnyMoreCountsForNothing() {
        var before = read(null, master("a", "10.0.0.1:6379", 9, "0-99"));
        var madeAnew = read(before, master("b", "10.0.0.1:6379", 1, "0-49"), master("c", "10.0.0.2:6379", 2, "50-99"));
        assertEquals(ONE, madeAnew.owner(0));
        assertEquals(TWO, madeAnew.owner(50));
    }

    @Test
    void aServerThatDoesNotKnowItsAddressIsTheOneThatWasAsked() {
        assertEquals(
                new HostAndPort("asked", 7000),
                read(null, "a :7000@17000 myself,master - 0 0 1 connected 0-9").owner(3));
        assertEquals(
                new HostAndPort("::1", 7000),
                read(null, "a ::1:7000@17000 master - 0 0 1 connected 0-9").owner(3));
    }

    @Test
    void namesOfHostsArePreferredIfCertificatesAreCompared() {
        var line = "a 10.0.0.1:6379@16379,redis-1.example,shard-id=5 master - 0 0 1 connected 0-9";
        assertEquals(
                new HostAndPort("redis-1.example", 6379),
                SlotMap.read(line, ASKED, true, null).owner(0));
        assertEquals(ONE, SlotMap.read(line, ASKED, false, null).owner(0));
    }
}
