package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Message;
import dev.fanfare.Run;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a fast path writes what RFC 6455 says: tried over a {@link Loopback}, with messages of all lengths that are framed
 * differently, pings before, behind and during runs, a run that the socket cannot take at once, a close frame, and a run
 * that comes after it. What arrives is compared with what was sent, frame by frame.
 *
 * <p>One thread, which waits, at most for the time it is given; the other one that it needs waits in a container that
 * does not send a ping during a run.
 */
final class SelfTest {

    private static final Logger LOG = System.getLogger(SelfTest.class.getName());

    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;

    private static final int NORMAL = 1000;

    /** How long it may take on a machine that is busy with other things. */
    static final long MILLIS = 30_000;

    private static final long END_MILLIS = 2_000;

    /** The server's end of the connection holds so much unsent, and takes a longer run in several steps. */
    static final int SEND_BUFFER_BYTES = 32 * 1024;

    /** Around the lengths at which the header changes, and characters of one to four bytes. */
    private final List<Message> small = List.of(
            Message.text("short"),
            Message.text(""),
            binary('a', 125),
            Message.text("\u00fc\u20ac\ud83c\udfba".repeat(14)),
            binary('b', 126),
            Message.text("c".repeat(3_000)));

    /** About as much as a run may be: more than the socket takes before somebody reads. */
    private final List<Message> large =
            List.of(binary('d', 65_535), Message.text("e".repeat(65_536)), Message.text("f"), binary('g', 120_000));

    private final Loopback loopback;
    private final DataInputStream in;
    private final long deadline;
    private final CompletableFuture<?> cut;
    private volatile @Nullable Throwable failure;
    private @Nullable String pingOnItsWay;
    private CompletableFuture<?> behind = CompletableFuture.completedFuture(null);

    private SelfTest(Loopback loopback, long nanos, CompletableFuture<?> cut) throws IOException {
        this.loopback = loopback;
        this.cut = cut;
        this.deadline = System.nanoTime() + nanos;
        this.in = new DataInputStream(new BufferedInputStream(loopback.client().getInputStream(), 1 << 16));
    }

    private static Message binary(char content, int bytes) {
        var payload = new byte[bytes];
        Arrays.fill(payload, (byte) content);
        return Message.binary(ByteBuffer.wrap(payload));
    }

    /**
     * Tries the sender of {@code loopback}, which is not closed. Blocks.
     *
     * @param cut what fails when the test is no longer of interest; who fails it closes the client's end, too
     * @throws Exception what went wrong, if anything did, or nothing was heard in {@code millis}
     */
    static void run(Loopback loopback, long millis, CompletableFuture<?> cut) throws Exception {
        var test = new SelfTest(loopback, TimeUnit.MILLISECONDS.toNanos(millis), cut);
        try {
            test.run();
        } catch (IOException e) {
            Throwable cause = test.failure;
            throw cause == null ? new IOException("less came than was sent: " + e, e) : failed(cause);
        } finally {
            test.awaitThePing();
        }
    }

    /**
     * Waits a moment for the other thread. Without a client, the run that it waits for fails; but if the container's end were
     * closed before that, Tomcat would not tell anybody, and the thread would stay for twenty seconds.
     */
    private void awaitThePing() {
        try {
            loopback.client().close();
            behind.get(END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.log(Level.DEBUG, "A ping of a self-test did not leave", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() throws Exception {
        ping("before");
        expectPing("before");
        sends(small);
        sends(List.of(Message.text("alone")));
        ping("between");
        expectPing("between");
        pingOnItsWay = "behind";
        var slow = begin(large);
        behind = CompletableFuture.runAsync(() -> pingUnchecked("behind"), thread());
        endsIfFailed(slow);
        endsIfFailed(behind);
        for (var message : large) {
            expect(message);
        }
        if (pingOnItsWay != null) {
            expectPing("behind");
            pingOnItsWay = null;
        }
        await(slow);
        await(behind);
        sends(small);
        loopback.sendClose();
        expectClose();
        var late = begin(small);
        if (await(late.handle((done, cause) -> cause == null))) {
            throw new IllegalStateException("it said that it sent a run after the close frame");
        }
        loopback.close();
        expectEnd();
    }

    private static Executor thread() {
        return task -> Loopback.threads().newThread(task).start();
    }

    private void ping(String payload) throws IOException {
        loopback.ping(bytes(payload));
    }

    private void pingUnchecked(String payload) {
        try {
            ping(payload);
        } catch (IOException e) {
            throw new IllegalStateException("a ping failed", e);
        }
    }

    private void sends(List<Message> messages) throws Exception {
        var sent = begin(messages);
        endsIfFailed(sent);
        for (var message : messages) {
            expect(message);
        }
        await(sent);
    }

    /** Whoever reads need not wait for what does not come. */
    private void endsIfFailed(CompletableFuture<?> outcome) {
        outcome.whenComplete((done, cause) -> {
            if (cause != null) {
                failure = cause;
                try {
                    loopback.client().close();
                } catch (IOException e) {
                    cause.addSuppressed(e);
                }
            }
        });
    }

    private static IllegalStateException failed(@Nullable Throwable cause) {
        return new IllegalStateException("a run or ping failed: " + cause, cause);
    }

    private Told begin(List<Message> messages) {
        var told = new Told();
        Runnable send = () -> {
            try {
                loopback.sender().send(Run.of(messages), told);
            } catch (RuntimeException | Error e) {
                told.failed(e);
            }
        };
        Executor lane = loopback.sender().affinity();
        if (lane == null) {
            send.run();
        } else {
            lane.execute(send);
        }
        return told;
    }

    private <T> T await(CompletableFuture<T> outcome) throws Exception {
        try {
            CompletableFuture.anyOf(outcome, cut).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            return outcome.join();
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the end of a run or ping was not told in time", e);
        }
    }

    private void expect(Message message) throws IOException {
        expect(readDataHead(), message instanceof Message.Text ? TEXT : BINARY, message.buffer());
    }

    private void expectPing(String payload) throws IOException {
        expect(readHead(), PING, bytes(payload));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A message, which the container may cut into several frames. */
    private void expect(int firstHead, int opcode, ByteBuffer payload) throws IOException {
        int head = firstHead;
        int kind = opcode;
        while (true) {
            int length = readLength();
            if ((head & 0x7F) != kind || length > payload.remaining()) {
                throw new IllegalStateException("a frame of another kind or length came: " + Integer.toHexString(head)
                        + " with " + length + " bytes, not " + kind + " with " + payload.remaining());
            }
            ByteBuffer part = payload.slice(payload.position(), length);
            payload.position(payload.position() + length);
            if (!part.equals(ByteBuffer.wrap(in.readNBytes(length)))) {
                throw new IllegalStateException("other bytes came than were sent, in a frame with " + length);
            }
            if ((head & 0x80) != 0) {
                break;
            }
            head = readDataHead();
            kind = 0;
        }
        if (payload.hasRemaining()) {
            throw new IllegalStateException("a message was too short, by " + payload.remaining() + " bytes");
        }
    }

    /** Begins a data frame, and takes note of the ping, which may stand before any. */
    private int readDataHead() throws IOException {
        int head = readHead();
        String ping = pingOnItsWay;
        if (head == (0x80 | PING) && ping != null) {
            pingOnItsWay = null;
            expect(head, PING, bytes(ping));
            head = readHead();
        }
        return head;
    }

    private void expectClose() throws IOException {
        int head = readHead();
        int length = readLength();
        if (head != (0x80 | CLOSE) || length < 2 || in.readUnsignedShort() != NORMAL) {
            throw new IllegalStateException("there came no close frame: " + Integer.toHexString(head));
        }
        in.skipNBytes(length - 2);
    }

    private void expectEnd() throws IOException {
        int more;
        try {
            waitAtMostUntilTheDeadline();
            more = in.read();
        } catch (SocketException e) {
            return; // reset: also an end
        }
        if (more >= 0) {
            throw new IllegalStateException("something followed the close frame: " + Integer.toHexString(more));
        }
    }

    private int readHead() throws IOException {
        waitAtMostUntilTheDeadline();
        return in.readUnsignedByte();
    }

    /** As short as can be, and without a mask. */
    private int readLength() throws IOException {
        int first = in.readUnsignedByte();
        long length = first == 126 ? in.readUnsignedShort() : first == 127 ? in.readLong() : first;
        if (first > 127 || (first == 126 && length < 126) || (first == 127 && length <= 0xFFFF)) {
            throw new IllegalStateException("a length is not written as it has to be: " + first + " " + length);
        }
        return Math.toIntExact(length);
    }

    private void waitAtMostUntilTheDeadline() throws SocketException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        loopback.client().setSoTimeout((int) Math.max(1, millis));
    }

    /** What became of a run. */
    private static final class Told extends CompletableFuture<@Nullable Void> implements Completion {
        @Override
        public void progress() {}

        @Override
        public void done() {
            complete(null);
        }

        @Override
        public void busy(int sent) {
            failed(new IllegalStateException("busy, although nobody else writes"));
        }

        @Override
        public void failed(Throwable cause) {
            completeExceptionally(cause);
        }
    }
}
