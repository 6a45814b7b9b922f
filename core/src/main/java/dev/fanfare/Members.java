package dev.fanfare;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The open sessions of a hub. Thread-safe. */
final class Members {

    private final ConcurrentHashMap<String, Member> byId = new ConcurrentHashMap<>();

    /** Given up, but their containers have not said yet that they have ended. */
    private final ConcurrentHashMap<String, Member> departing = new ConcurrentHashMap<>();

    /** Adds {@code member}, unless its session is open already. */
    boolean add(Member member) {
        return byId.putIfAbsent(member.id(), member) == null;
    }

    /** The hub gives the member up, or its session has ended. */
    void depart(Member member) {
        departing.put(member.id(), member); // first, or its end would find it nowhere
        byId.remove(member.id(), member);
    }

    /** The member's session has ended, or is taken to have. */
    void forget(Member member) {
        byId.remove(member.id(), member);
        departing.remove(member.id(), member);
    }

    @Nullable
    Member findEvenIfDeparting(ClientSession session) {
        var member = find(session);
        return member == null ? departing.get(session.id()) : member;
    }

    @Nullable
    Member find(ClientSession session) {
        return byId.get(session.id());
    }

    /** A view that changes with the members. */
    Collection<Member> all() {
        return byId.values();
    }

    int size() {
        return byId.size();
    }
}
