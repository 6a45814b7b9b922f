package dev.fanfare.jakarta;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What the handshakes of a hub's endpoints must bring along, by path. Thread-safe. */
final class Admissions {

    private final Map<PathTemplate, Admission> byPath = new ConcurrentSkipListMap<>(PathTemplate::compare);

    /** From now on handshakes with the path of {@code admission} are looked at. */
    void add(Admission admission) {
        byPath.put(admission.path(), admission);
    }

    /** Whether {@code path}, within the application and decoded, is one of an endpoint. */
    boolean has(String path) {
        return find(path) != null;
    }

    /**
     * Does nothing if the handshake may become a session, or is none of an endpoint of this hub.
     *
     * @throws RefusedHandshakeException if something is missing or against the rules
     */
    void check(String path, @Nullable String query) throws RefusedHandshakeException {
        Admission admission = find(path);
        Map<String, String> variables =
                admission == null ? null : admission.path().match(path);
        if (admission != null && variables != null) {
            admission.admit(variables, Query.of(query));
        }
    }

    private @Nullable Admission find(String path) {
        for (Admission admission : byPath.values()) {
            if (admission.path().match(path) != null) {
                return admission;
            }
        }
        return null;
    }
}
