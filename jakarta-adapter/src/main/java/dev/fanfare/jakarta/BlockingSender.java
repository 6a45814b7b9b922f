package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Message;
import dev.fanfare.Run;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends runs by the standard API on a {@linkplain Writers thread that may block}: for Tomcat, whose asynchronous sends cost a
 * task of the connector's executor each. Short messages of a run leave in batches; all else as a loop of blocking sends would
 * send it. One for each session; one run at a time.
 *
 * <h2>Batches and closing</h2>
 *
 * <p>While batching is allowed Tomcat collects frames in a buffer. Whoever closes the session first switches batching off,
 * flushes, and writes the close frame (WsSession.doClose and onClose of 10.1 and 11.0); whoever still sends then writes past what
 * is not flushed yet. So a batch has whole messages only, which fit into the buffer, and is looked after from both sides: {@link
 * #closing} waits until batching is off, and no batch begins after it. It is called before the hub, or the application through its
 * view, closes the session. When Tomcat closes it, because the client did or the container stops, a batch sees that before
 * each message, and ends; a message that is sent in this very moment may leave before those that were collected, and the close
 * frame be lost. Sessions for which that would matter, because they resume, and those that the application closes past us have no
 * batches.
 */
final class BlockingSender implements RunSender {

    /** How many runs of a session that held a thread up are sent without one. */
    private static final int RUNS_WITHOUT = 64;

    /** For how long closing waits for a batch. It ends at once, unless Tomcat writes something else that the client does not take. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** What messages of a batch may need, headers included: Tomcat's buffer (its Constants), less a pong that comes between. */
    private static final int BATCH_BYTES =
            Math.min(8 * 1024, Integer.getInteger("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", 8 * 1024)) - 127;

    private final RemoteEndpoint.Basic remote;
    private final PortableSender portable;
    private final Writers.Place place;
    private final boolean batches;
    /** What waits for a thread, written by whoever sends; the queue hands it over. */
    private @Nullable Run run;

    private @Nullable Completion completion;
    /** How many more runs are sent without a thread. */
    private volatile int without;
    /** Whether a batch was begun that is not flushed yet. */
    private volatile boolean batching;

    private volatile boolean closing;
    /** How many messages of the run left. */
    private int sent;
    /** Why the others did not. */
    private @Nullable Throwable failure;
    /** Who waits for the client. */
    @GuardedBy("this")
    private @Nullable Thread writer;

    /**
     * Sends to {@code session}.
     *
     * @param portable sends while no thread is free
     * @param viewed whether the application closes the session through us
     */
    BlockingSender(Session session, PortableSender portable, Writers.Place place, boolean viewed) {
        this.remote = session.getBasicRemote();
        this.portable = portable;
        this.place = place;
        this.batches = viewed
                && session.getNegotiatedExtensions().isEmpty() // which may need more bytes
                && !WebSocketHub.SUBPROTOCOL.equals(session.getNegotiatedSubprotocol());
    }

    /** Whether this is the way for {@code session}. */
    static boolean serves(Session session) {
        return session.getClass().getName().startsWith("org.apache.tomcat.websocket.");
    }

    @Override
    public void send(Run run, Completion completion) {
        int left = without;
        if (left > 0) {
            without = left - 1;
            portable.send(run, completion);
            return;
        }
        this.run = run;
        this.completion = completion;
        if (!place.submit(this)) {
            sendWithoutThread();
        }
    }

    @Override
    public Executor affinity() {
        return place.lane();
    }

    /** Sends what {@link #send} was given asynchronously. */
    void sendWithoutThread() {
        Run given = run;
        Completion told = completion;
        run = null;
        completion = null;
        if (given != null && told != null) {
            portable.send(given, told);
        }
    }

    /** Sends what {@link #send} was given, and returns when Tomcat has written it. On the thread of {@code worker}. */
    void write(Writers.Worker worker) {
        Run given = run;
        Completion told = completion;
        run = null;
        failure = null;
        if (given == null || told == null) {
            return;
        }
        begin();
        try {
            sent = 0;
            writeAll(given.messages(), told);
        } catch (IOException | RuntimeException | Error e) { // a container may throw anything; a throw is a failed send
            failure = e;
        }
        end();
        if (worker.isReplaced()) {
            without = RUNS_WITHOUT;
        }
    }

    /** Tells the outcome of {@link #write}. On any thread. */
    void tell() {
        Completion told = completion;
        Throwable cause = failure;
        int left = sent;
        completion = null;
        failure = null;
        if (told == null) {
            return;
        }
        if (cause == null) {
            told.done();
        } else {
            portable.failed(cause, left, told);
        }
    }

    private synchronized void begin() {
        writer = Thread.currentThread();
    }

    /** Whoever interrupts the thread from now on means another session. */
    private synchronized void end() {
        writer = null;
        Thread.interrupted();
    }

    @Override
    public void closing(boolean hard) {
        closing = true;
        long since = System.nanoTime();
        while (batching && remote.getBatchingAllowed() && System.nanoTime() - since < CLOSE_NANOS) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        if (hard) {
            interrupt();
        }
    }

    private synchronized void interrupt() {
        if (writer != null && writer != Thread.currentThread()) {
            writer.interrupt();
        }
    }

    private void writeAll(List<Message> messages, Completion told) throws IOException {
        boolean batched = batches && messages.size() > 1 && !remote.getBatchingAllowed(); // the application's, to flush
        while (sent < messages.size()) {
            int end = batched && !closing ? endOfBatch(messages) : sent + 1;
            if (end - sent > 1) {
                writeBatch(messages, end);
            } else {
                writeNext(messages);
            }
            told.progress();
        }
    }

    /** Up to which message they fit. */
    private int endOfBatch(List<Message> messages) {
        int end = sent;
        long bytes = 0;
        while (end < messages.size()) {
            int size = messages.get(end).size();
            bytes += size + (size < 126 ? 2 : 4); // a frame's header, for so few bytes
            if (bytes > BATCH_BYTES) {
                break;
            }
            end++;
        }
        return end;
    }

    /** Writes messages up to {@code end}, less if somebody closes the session meanwhile. */
    private void writeBatch(List<Message> messages, int end) throws IOException {
        batching = true;
        try {
            remote.setBatchingAllowed(true);
            try {
                while (sent < end && !closing && remote.getBatchingAllowed()) {
                    writeNext(messages);
                }
            } finally {
                remote.setBatchingAllowed(false); // flushes, if it was still allowed
            }
        } finally {
            batching = false;
        }
        if (sent < end && !closing) {
            throw new IOException("the session is being closed");
        }
    }

    private void writeNext(List<Message> messages) throws IOException {
        Message message = messages.get(sent);
        if (message instanceof Message.Text text) {
            remote.sendText(text.text());
        } else {
            remote.sendBinary(message.buffer());
        }
        sent++;
    }
}
