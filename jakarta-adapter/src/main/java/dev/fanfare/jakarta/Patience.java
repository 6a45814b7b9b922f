package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import jakarta.websocket.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Which threads may wait until a session's outbox has sent a message, and for how long. Thread-safe.
 *
 * <p>Whoever waits must not be the one that is waited for. Lanes and XNIO's I/O threads never wait. Containers' other
 * threads do, but few at a time: Tomcat tells the end of an asynchronous send on its pool, and if all of its threads waited
 * for such ends, none would ever be told. A message for which a thread may not wait is left to the outbox.
 */
final class Patience {

    /** Tomcat's for how long a blocking send may take; by itself it is 20 s, and nothing ends it before (Constants of 11.0.27). */
    private static final String TOMCAT_SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

    /** Tomcat's for how long a close frame may take; by itself it is 50 ms, too little for a busy machine (Constants of 11.0.27). */
    private static final String TOMCAT_CLOSE_TIMEOUT =
            "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";

    private static final Long CLOSE_MILLIS = 1_000L;

    /** The hub, which looks every second, is to say first that a session is too slow. */
    private static final Duration BEYOND = Duration.ofSeconds(3);

    /** So many threads that run an endpoint's method may wait at a time: less than the smallest pool. */
    private static final int CONTAINER_THREADS = 8;

    private final Duration timeout;
    /** The same object for all sessions. */
    private final Long blockingMillis;

    private final Semaphore places = new Semaphore(CONTAINER_THREADS);
    private final ThreadLocal<Boolean> inEndpoint = new ThreadLocal<>();

    /** Waits for {@code timeout} at most. */
    Patience(Duration timeout) {
        this.timeout = timeout;
        this.blockingMillis = timeout.plus(BEYOND).toMillis();
    }

    Duration timeout() {
        return timeout;
    }

    /** Has blocking sends to {@code session}, and its close frame, end in time where the container lets them wait. */
    void limit(Session session) {
        if (session.getClass().getName().startsWith("org.apache.tomcat.")) {
            var properties = session.getUserProperties();
            properties.putIfAbsent(TOMCAT_SEND_TIMEOUT, blockingMillis);
            properties.putIfAbsent(TOMCAT_CLOSE_TIMEOUT, CLOSE_MILLIS);
        }
    }

    /** Runs a method of an endpoint, as a thread of the container. */
    @Nullable
    Object call(BoundMethod method, Object instance, Call call) throws Throwable {
        if (inEndpoint.get() != null) {
            return method.invoke(instance, call);
        }
        inEndpoint.set(true);
        try {
            return method.invoke(instance, call);
        } finally {
            inEndpoint.remove();
        }
    }

    /** Whether this thread may wait at all. */
    static boolean mayWait() {
        Thread current = Thread.currentThread();
        if (current.getName().startsWith("fanfare-lane-")) {
            return false; // a hub whose executor runs callbacks in place
        }
        for (Class<?> c = current.getClass(); c != null; c = c.getSuperclass()) {
            if (c.getName().equals("org.xnio.XnioIoThread")) {
                return false; // Undertow without dispatchToWorkerThread
            }
        }
        return true;
    }

    /**
     * Waits for the turn of {@code message}.
     *
     * @return the turn, or null if the message failed or is left to the outbox
     * @throws IOException if its turn does not come in time
     */
    @Nullable
    Completion awaitTurn(Outgoing message) throws IOException {
        if (inEndpoint.get() == null) {
            return message.awaitTurn(timeout);
        }
        if (!places.tryAcquire()) {
            return message.leave();
        }
        try {
            return message.awaitTurn(timeout);
        } finally {
            places.release();
        }
    }
}
