package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Message;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A message that the application sends through its view of a session, until its outcome is known. When its turn comes, a
 * thread that waits for it sends it itself, blocking as it would without us: a container may need that very thread to tell
 * of the end of an asynchronous send. If none waits, it is sent asynchronously. Thread-safe.
 */
final class Outgoing {

    /** What became of the thread that sends: it waits, or it does not; else the state is the turn that it was given. */
    private enum Sender {
        WAITS,
        LEFT
    }

    private final Message message;
    private final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();
    private final AtomicReference<Object> sender;
    /** Down when the turn has come, or the outcome is known. */
    private final CountDownLatch news = new CountDownLatch(1);

    /** A message for whose turn the calling thread is going to wait, or not. */
    Outgoing(Message message, boolean awaited) {
        this.message = message;
        this.sender = new AtomicReference<>(awaited ? Sender.WAITS : Sender.LEFT);
    }

    Message message() {
        return message;
    }

    /** Completes on any thread, at once: nothing of the application may be chained to it that could block. */
    CompletableFuture<@Nullable Void> outcome() {
        return outcome;
    }

    /** It is this message's turn; {@code completion} is told its outcome. */
    void begin(PortableSender portable, Completion completion) {
        var turn = new Turn(completion);
        if (sender.compareAndSet(Sender.WAITS, turn)) {
            news.countDown();
        } else {
            portable.send(message, turn);
        }
    }

    void fail(Throwable cause) {
        outcome.completeExceptionally(cause);
        news.countDown();
    }

    /** Leaves the message to the outbox, unless its turn has come already: then this thread has to take it. */
    @Nullable
    Completion leave() {
        return sender.compareAndSet(Sender.WAITS, Sender.LEFT) || !(sender.get() instanceof Turn turn) ? null : turn;
    }

    /**
     * Waits for the turn.
     *
     * @return the turn, or null if the outcome is known before
     * @throws IOException if neither happens in time; the message stays in the outbox
     */
    @Nullable
    Completion awaitTurn(Duration timeout) throws IOException {
        boolean interrupted = false;
        boolean inTime = false;
        try {
            inTime = news.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted = true;
        }
        Completion turn = leave();
        if (turn == null && interrupted) {
            throw new InterruptedIOException("interrupted; the message is left to the outbox");
        }
        if (turn == null && !inTime) {
            throw new IOException("the message still waits behind others after " + timeout);
        }
        return turn;
    }

    /** Sends the message on this thread, whose {@code turn} it is. */
    void write(Session session, Completion turn, Duration timeout) throws IOException {
        try {
            RemoteEndpoint.Basic remote = session.getBasicRemote();
            if (message instanceof Message.Text text) {
                remote.sendText(text.text());
            } else {
                remote.sendBinary(message.buffer());
            }
        } catch (IOException | RuntimeException e) {
            if (!PortableSender.isBusy(e)) {
                turn.failed(e);
                throw new IOException("the message was not sent: " + e.getMessage(), e);
            }
            sender.set(Sender.LEFT); // somebody writes past the view: now it takes the way of broadcasts
            turn.busy(0);
            awaitOutcome(timeout);
            return;
        }
        turn.done();
    }

    private void awaitOutcome(Duration timeout) throws IOException {
        try {
            outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted; the message is left to the outbox");
        } catch (TimeoutException e) {
            throw new IOException("the message still waits behind others after " + timeout, e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** Throws what is known to have gone wrong. */
    void check() throws IOException {
        if (outcome.isCompletedExceptionally()) {
            try {
                outcome.getNow(null);
            } catch (RuntimeException e) {
                throw failure(e.getCause());
            }
        }
    }

    /** What the application is told when the send of a message failed because of {@code cause}. */
    static IOException failure(@Nullable Throwable cause) {
        String why = cause == null ? "unknown" : cause.getMessage();
        return cause instanceof IOException known ? known : new IOException("the message was not sent: " + why, cause);
    }

    /** Tells the outbox first, which then may send on, and then whoever waits. */
    private final class Turn implements Completion {
        private final Completion completion;

        Turn(Completion completion) {
            this.completion = completion;
        }

        @Override
        public void progress() {
            completion.progress();
        }

        @Override
        public void done() {
            completion.done();
            outcome.complete(null);
        }

        @Override
        public void busy(int sent) {
            completion.busy(sent);
        }

        @Override
        public void failed(Throwable cause) {
            completion.failed(cause);
            fail(cause);
        }
    }
}
