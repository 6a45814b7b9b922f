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
 * of a version for which it was tested, and it has passed its self-test, which begins with the first session; else by the
 * standard API. The choice is made once for each class of sessions and logged. Thread-safe.
 */
final class FastPaths implements AutoCloseable {

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
    private final long testMillis;
    /** Whether it was logged that the application writes to sessions on its own. */
    private final AtomicBoolean warned = new AtomicBoolean();

    private final Map<Class<?>, Optional<Candidate>> byType = new ConcurrentHashMap<>();
    private final Writers writers = new Writers();
    private volatile boolean closed;

    /** All that there are, if they are {@code allowed}. */
    FastPaths(boolean allowed) {
        this(allowed ? FINDERS : Map.of(), SelfTest.MILLIS);
    }

    /** Those that {@code finders} know, by the beginning of the name of a session's class, tested for so long at most. */
    FastPaths(Map<String, Finder> finders, long testMillis) {
        this.finders = finders;
        this.testMillis = testMillis;
    }

    /** What sends by the standard API. */
    PortableSender portable(RemoteEndpoint.Async remote) {
        return new PortableSender(remote, warned);
    }

    /**
     * What sends runs to {@code session} by the standard API: {@code portable}, but on Tomcat, whose asynchronous sends cost
     * more than blocking ones.
     *
     * @param viewed whether the application closes the session through us
     */
    RunSender fallback(Session session, PortableSender portable, boolean viewed) {
        return BlockingSender.serves(session)
                ? new BlockingSender(session, portable, writers.place(), viewed)
                : portable;
    }

    /** Ends the threads that send, for a hub whose sessions are closed. */
    void endWriters() {
        writers.close();
    }

    /**
     * What sends runs to {@code session}, perhaps {@code portable}; an extension, such as permessage-deflate, has to see
     * every message by itself. Does not wait for a test.
     */
    RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable) {
        if (closed || finders.isEmpty() || !session.getNegotiatedExtensions().isEmpty()) {
            return portable;
        }
        Class<?> type = session.getClass();
        Optional<Candidate> found = byType.computeIfAbsent(type, this::find);
        if (found.isEmpty()) {
            return portable;
        }
        Candidate candidate = found.get();
        try {
            RunSender sender = candidate.sender(session, remote, portable);
            candidate.begin(session);
            return sender;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            candidate.refuse(e);
            return portable;
        }
    }

    private Optional<Candidate> find(Class<?> type) {
        for (var finder : finders.entrySet()) {
            if (type.getName().startsWith(finder.getKey())) {
                try {
                    return Optional.of(new Candidate(type, finder.getValue().find(type), testMillis));
                } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                    refused(type, e);
                }
            }
        }
        return Optional.empty();
    }

    /** Ends tests that still run, and waits for them for some seconds at most. Nothing is said of them. */
    @Override
    public void close() {
        closed = true;
        byType.values().forEach(found -> found.ifPresent(Candidate::close));
    }

    /** Said once for a class of sessions: all of it works, but at more expense. */
    static void refused(Class<?> type, Throwable cause) {
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
