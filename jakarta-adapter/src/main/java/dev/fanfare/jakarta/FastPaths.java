package dev.fanfare.jakarta;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Chooses how runs are sent: by the fast path of the session's container if there is one, it is allowed, the container is
 * of a version for which it was tested, and it proved itself at its first session; else by the standard API. The
 * choice is made once for each class of sessions and logged. Thread-safe.
 */
final class FastPaths {

    private static final Logger LOG = System.getLogger(FastPaths.class.getName());

    /** Looks whether this container is one of those that it knows. */
    interface Finder {
        FastPath find(Class<?> type) throws ReflectiveOperationException;
    }

    /** By the package in which the container's sessions are. */
    private static final Map<String, Finder> FINDERS = Map.of(
            "org.apache.tomcat.websocket.", TomcatPath::new,
            "org.eclipse.jetty.ee", JettyPath::new,
            "io.undertow.websockets.jsr.", UndertowPath::new);

    private final Map<String, Finder> finders;
    /** Whether it was logged that the application writes to sessions on its own. */
    private final AtomicBoolean warned = new AtomicBoolean();

    private final Map<Class<?>, Optional<FastPath>> byType = new ConcurrentHashMap<>();

    /** All that there are, if they are {@code allowed}. */
    FastPaths(boolean allowed) {
        this(allowed ? FINDERS : Map.of());
    }

    /** Those that {@code finders} know, by the beginning of the name of a session's class. */
    FastPaths(Map<String, Finder> finders) {
        this.finders = finders;
    }

    /** What sends by the standard API. */
    PortableSender portable(RemoteEndpoint.Async remote) {
        return new PortableSender(remote, warned);
    }

    /** What sends runs to {@code session}, perhaps {@code portable}; an extension, such as permessage-deflate, has to see every message by itself. */
    RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable) {
        if (finders.isEmpty() || !session.getNegotiatedExtensions().isEmpty()) {
            return portable;
        }
        Class<?> type = session.getClass();
        Optional<FastPath> path = byType.computeIfAbsent(type, this::find);
        if (path.isEmpty()) {
            return portable;
        }
        try {
            return path.get().sender(session, remote, portable);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            if (byType.replace(type, path, Optional.empty())) {
                refused(type, e);
            }
            return portable;
        }
    }

    private Optional<FastPath> find(Class<?> type) {
        for (var finder : finders.entrySet()) {
            if (type.getName().startsWith(finder.getKey())) {
                try {
                    FastPath path = finder.getValue().find(type);
                    LOG.log(Level.INFO, "Runs are sent to {0} by {1}", type.getName(), path);
                    return Optional.of(path);
                } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                    refused(type, e);
                }
            }
        }
        return Optional.empty();
    }

    /** Said once for a class of sessions: all of it works, but at more expense. */
    private static void refused(Class<?> type, Throwable cause) {
        boolean unknown = cause instanceof UnsupportedVersionException;
        LOG.log(
                unknown ? Level.INFO : Level.WARNING,
                "Runs are sent to " + type.getName() + " by the standard API, message by message, which costs more CPU"
                        + " time: " + cause.getMessage() + ". "
                        + (unknown
                                ? "Look for a version of Fanfare that knows it"
                                : "Please report this with the version of the container")
                        + "; WebSocketHub.Builder.fastPaths(false) does without the attempt.",
                unknown ? null : cause);
    }

    /** The container is of a version for which a path was not tested. */
    static final class UnsupportedVersionException extends ReflectiveOperationException {
        private static final long serialVersionUID = 1L;

        private UnsupportedVersionException(String container, String version, String tested) {
            super(container + " " + version + " is not one of those for which its fast path was tested: " + tested);
        }

        /** Checks that {@code version} begins with one of the {@code tested} ones, each of which ends with a dot. */
        static void check(String container, String version, String... tested) throws UnsupportedVersionException {
            for (String prefix : tested) {
                if (version.startsWith(prefix)) {
                    return;
                }
            }
            throw new UnsupportedVersionException(
                    container, version, String.join(", ", tested).replaceAll("\\.(,|$)", "$1"));
        }
    }
}
