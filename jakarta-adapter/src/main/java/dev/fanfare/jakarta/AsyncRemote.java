package dev.fanfare.jakarta;

import dev.fanfare.Message;
import jakarta.websocket.EncodeException;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends through the outbox without waiting. Futures may be waited for on any thread but a lane's; handlers run on the hub's
 * executor, while {@code @OnOpen} runs on the container's thread that tells of the send. Thread-safe.
 */
final class AsyncRemote extends Remote implements RemoteEndpoint.Async {

    private static final Logger LOG = System.getLogger(AsyncRemote.class.getName());

    private volatile long timeoutMillis;

    /** The timeout is the hub's, which is kept whatever is set here. */
    AsyncRemote(SessionView view, Duration timeout) {
        super(view);
        this.timeoutMillis = timeout.toMillis();
    }

    @Override
    public long getSendTimeout() {
        return timeoutMillis;
    }

    @Override
    public void setSendTimeout(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public Future<Void> sendText(String text) {
        return send(Message.text(required(text, "text")));
    }

    @Override
    public void sendText(String text, SendHandler handler) {
        required(handler, "handler");
        send(Message.text(required(text, "text")), handler);
    }

    @Override
    public Future<Void> sendBinary(ByteBuffer binary) {
        return send(Message.binary(required(binary, "binary")));
    }

    @Override
    public void sendBinary(ByteBuffer binary, SendHandler handler) {
        required(handler, "handler");
        send(Message.binary(required(binary, "binary")), handler);
    }

    @Override
    public Future<Void> sendObject(Object object) {
        try {
            return send(view.encode(required(object, "object")));
        } catch (EncodeException | IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void sendObject(Object object, SendHandler handler) {
        required(handler, "handler");
        try {
            send(view.encode(required(object, "object")), handler);
        } catch (EncodeException | IOException e) {
            tell(handler, e);
        }
    }

    @SuppressWarnings("NullAway") // a future without a value
    private Future<Void> send(Message message) {
        var outgoing = view.outgoing(message, false);
        try {
            view.submit(outgoing);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return outgoing.outcome().handle((sent, cause) -> {
            if (cause != null) {
                throw new CompletionException(Outgoing.failure(cause));
            }
            return null;
        });
    }

    private void send(Message message, SendHandler handler) {
        var outgoing = view.outgoing(message, false);
        CompletableFuture<@Nullable Void> sent;
        try {
            sent = view.submit(outgoing);
        } catch (IOException e) {
            tell(handler, e);
            return;
        }
        if (sent != null) {
            sent.whenComplete((done, cause) -> tell(handler, cause));
        } else {
            outgoing.outcome().whenComplete((done, cause) -> view.tell(() -> tell(handler, cause)));
        }
    }

    private static void tell(SendHandler handler, @Nullable Throwable cause) {
        try {
            handler.onResult(
                    cause == null
                            ? new SendResult()
                            : new SendResult(cause instanceof EncodeException ? cause : Outgoing.failure(cause)));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A SendHandler threw", e);
        }
    }
}
