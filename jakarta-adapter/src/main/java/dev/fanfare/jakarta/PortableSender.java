package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Message;
import dev.fanfare.Run;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Sends runs by the standard API alone: one asynchronous send after the other, because overlapping sends throw on
 * Tomcat, fail on Liberty and queue without bound elsewhere. One for each session; one run at a time.
 */
final class PortableSender implements RunSender {

    private static final Logger LOG = System.getLogger(PortableSender.class.getName());

    /**
     * How containers say that the application is writing, in words that are not translated. Tomcat throws with the state
     * in brackets (WsRemoteEndpointImplBase.StateMachine). Liberty fails the handler with "write not allowed". Jetty fails
     * it with "Cannot start TEXT message when BINARY message is not complete yet" (JakartaWebSocketRemoteEndpoint) or
     * "DataFrame before fin==true" (WebSocketSessionState), both before anything is written.
     */
    private static final Pattern BUSY = Pattern.compile(
            "\\[\\w+_(WRITING|PARTIAL_READY)]|write not allowed|is not complete yet|DataFrame before fin");

    private final RemoteEndpoint.Async remote;
    private final AtomicBoolean warned;

    /**
     * Sends to {@code remote}.
     *
     * @param warned whether somebody has logged already that the application sends on its own
     */
    PortableSender(RemoteEndpoint.Async remote, AtomicBoolean warned) {
        this.remote = remote;
        this.warned = warned;
    }

    /** Never throws and never waits: whatever happens, {@code completion} is told. */
    @Override
    public void send(Run run, Completion completion) {
        new Transfer(run.messages(), completion).advance();
    }

    /** The same for one message. */
    void send(Message message, Completion completion) {
        new Transfer(List.of(message), completion).advance();
    }

    /** Whether a container failed a send with {@code cause} because somebody else is writing. */
    static boolean isBusy(Throwable cause) {
        return cause.getMessage() != null && BUSY.matcher(cause.getMessage()).find();
    }

    /** Tells {@code completion} that a send failed after {@code sent} messages had left. */
    void failed(Throwable cause, int sent, Completion completion) {
        if (!isBusy(cause)) {
            completion.failed(cause);
            return;
        }
        if (warned.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "The application and the hub write to the same session; the hub waits and tries again, but the"
                            + " application's own sends may fail. Use hub.send(session, ...) instead of"
                            + " session.getBasicRemote() and getAsyncRemote(). Logged once.",
                    cause);
        }
        completion.busy(sent);
    }

    /**
     * A run on its way. The container may report a message's outcome inside the call that sends it, inside a report, or on
     * another thread meanwhile; {@link #advance} is a loop for all of them, so the stack does not grow (Undertow's would
     * overflow after some 650 messages).
     */
    private final class Transfer {
        private final List<Message> messages;
        private final Completion completion;
        /** Calls of {@link #advance} that are not yet worked off; who raises it from 0 runs the loop. */
        private final AtomicInteger turns = new AtomicInteger();
        /** How many messages left. Written before {@code turns} is raised and read after. */
        private int sent;

        Transfer(List<Message> messages, Completion completion) {
            this.messages = messages;
            this.completion = completion;
        }

        void advance() {
            if (turns.getAndIncrement() == 0) {
                do {
                    next();
                } while (turns.decrementAndGet() != 0);
            }
        }

        private void next() {
            if (sent == messages.size()) {
                completion.done();
                return;
            }
            var step = new Step(this);
            try {
                Message message = messages.get(sent);
                if (message instanceof Message.Text text) {
                    remote.sendText(text.text(), step);
                } else {
                    // A fresh view, as containers move its position; never read-only: Liberty loses those silently.
                    remote.sendBinary(message.buffer(), step);
                }
            } catch (RuntimeException e) {
                // Tomcat and Tyrus throw where others fail the handler: same thing.
                step.failed(e);
            }
        }

        private void left() {
            sent++;
            completion.progress();
            advance();
        }

        private void failed(Throwable cause) {
            PortableSender.this.failed(cause, sent, completion);
        }
    }

    /** The outcome of one message, which counts once: a container may throw and call the handler, or call it twice. */
    private static final class Step extends AtomicBoolean implements SendHandler {
        private static final long serialVersionUID = 1L;
        private final transient Transfer transfer;

        Step(Transfer transfer) {
            this.transfer = transfer;
        }

        @Override
        public void onResult(SendResult result) {
            if (result.isOK()) {
                if (compareAndSet(false, true)) {
                    transfer.left();
                }
            } else {
                Throwable cause = result.getException();
                failed(cause == null ? new IllegalStateException("the container gave no reason") : cause);
            }
        }

        void failed(Throwable cause) {
            if (compareAndSet(false, true)) {
                transfer.failed(cause);
            }
        }
    }
}
