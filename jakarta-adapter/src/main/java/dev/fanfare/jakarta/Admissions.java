package dev.fanfare.jakarta;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Which handshakes may become sessions of a hub's endpoints. Thread-safe. */
final class Admissions {

    private static final Logger LOG = System.getLogger(Admissions.class.getName());

    private final Map<PathTemplate, Admission> byPath = new ConcurrentSkipListMap<>(PathTemplate::compare);
    private final Origins origins;
    private final @Nullable Authorizer authorizer;
    private final boolean deflate;
    /** Set while the filter hands a handshake on that the application has joined: it is asked once. */
    private final ThreadLocal<Boolean> asked = new ThreadLocal<>();

    /**
     * Of pages of {@code origins}.
     *
     * @param authorizer is asked last, or null
     * @param deflate whether messages may be compressed
     */
    Admissions(Origins origins, @Nullable Authorizer authorizer, boolean deflate) {
        this.origins = origins;
        this.authorizer = authorizer;
        this.deflate = deflate;
    }

    /** Which pages may open sessions. */
    Origins origins() {
        return origins;
    }

    /** Whether messages may be compressed. */
    boolean deflate() {
        return deflate;
    }

    /** From now on handshakes with the path of {@code admission} are looked at. */
    void add(Admission admission) {
        byPath.put(admission.path(), admission);
    }

    /** Whether {@code path}, within the application and decoded, is one of an endpoint. */
    boolean has(String path) {
        return find(path) != null;
    }

    /**
     * Does nothing if the handshake, which no container has seen yet, may become a session, or is none of an endpoint of
     * this hub.
     *
     * @throws RefusedHandshakeException if it may not
     */
    void check(String path, @Nullable String rawQuery, @Nullable Principal principal, Map<String, List<String>> headers)
            throws RefusedHandshakeException {
        Admission admission = find(path);
        Map<String, String> variables =
                admission == null ? null : admission.path().match(path);
        if (admission != null && variables != null) {
            Query query = Query.of(rawQuery);
            query.check();
            String channel = admission.admit(variables, query);
            authorize(new Handshake(principal, headers, variables, query.all(), channel));
        }
    }

    /**
     * Does nothing if the application, if it wants to be asked, answers that {@code handshake} may become a session.
     *
     * @throws RefusedHandshakeException if not
     */
    void authorize(Handshake handshake) throws RefusedHandshakeException {
        if (authorizer == null) {
            return;
        }
        String refusal;
        try {
            refusal = authorizer.authorize(handshake).refusal();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "The authorizer failed, so a handshake was refused", e);
            throw RefusedHandshakeException.failed("the handshake could not be authorized");
        }
        if (refusal != null) {
            throw RefusedHandshakeException.forbidden(refusal);
        }
    }

    /** From now on, or no longer, the handshake that a container tells on this thread was checked by the filter. */
    void setChecked(boolean checked) {
        if (checked) {
            asked.set(true);
        } else {
            asked.remove();
        }
    }

    /** Whether the application need not be asked about the handshake that a container tells on this thread. */
    boolean isChecked() {
        return authorizer == null || asked.get() != null;
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
