package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.fanfare.Message;
import dev.fanfare.Run;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.util.net.SocketWrapperBase.BlockingMode;
import org.apache.tomcat.websocket.WsRemoteEndpointImplBase;
import org.apache.tomcat.websocket.WsSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TomcatFastPathTest extends FastPathContract {

    private static final int LONG = 20 << 20;

    TomcatFastPathTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    Class<?> sender() {
        return TomcatPath.Sender.class;
    }

    /** Tomcat lets the next message begin when a blocking send was given up, but goes on to write that one. */
    @Test
    void runStaysBehindABlockingWriteThatWasGivenUp() throws Exception {
        Run givenUp = Runs.of(Message.binary(ByteBuffer.allocate(LONG)));
        Run run = Runs.ofTexts("behind", "it");
        try (var line = smallLine(a, "late")) {
            var failure = new CompletableFuture<Throwable>();
            var blocked = new Thread(() -> wrapper("late")
                    .write(
                            BlockingMode.BLOCK,
                            1,
                            TimeUnit.HOURS,
                            null,
                            SocketWrapperBase.COMPLETE_WRITE_WITH_COMPLETION,
                            failing(failure),
                            givenUp.frames()));
            blocked.start();
            Await.until("it waits for the client", () -> blocked.getState() == Thread.State.TIMED_WAITING);
            blocked.interrupt();
            assertInstanceOf(SocketTimeoutException.class, failure.get());
            assertEquals("busy after 0", attempt(line, run));
            line.receives(givenUp);
            Await.until("it leaves", () -> attempt(line, run).equals("done"));
            line.receives(run);
        }
    }

    /** A write may have failed half way through a frame; Tomcat closes such a connection a moment later. */
    @Test
    void nothingIsWrittenBehindAWriteThatFailed() {
        try (var line = line(a, "torn")) {
            wrapper("torn").setError(new SocketTimeoutException("torn"));
            assertEquals("failed: torn", attempt(line, Runs.ofTexts("behind it")));
        }
    }

    /** Tomcat says that batching is not allowed before it flushes the batch, which may fail with nothing written. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runStaysBehindTheEndOfABatch(boolean flipped) throws Exception {
        String room = "flushing" + flipped;
        try (var line = line(a, room)) {
            var remote = SessionView.raw(held.get(room)).getBasicRemote();
            remote.setBatchingAllowed(true);
            remote.sendText("batched");
            Object endpoint = endpoint(room);
            ((AtomicBoolean) field(endpoint, WsRemoteEndpointImplBase.class, "batchingAllowed")).set(false);
            var batch = (ByteBuffer) field(endpoint, WsRemoteEndpointImplBase.class, "outputBuffer");
            int end = batch.position();
            if (flipped) {
                batch.flip();
            }
            Run run = Runs.ofTexts("run");
            assertEquals("busy after 0", attempt(line, run));
            batch.limit(batch.capacity()).position(end);
            remote.flushBatch();
            assertEquals("batched", line.client().next().text());
            assertEquals("done", attempt(line, run));
            line.receives(run);
        }
    }

    private static String attempt(Line line, Run run) {
        line.begin(run);
        Await.until("its outcome is told", () -> !line.outcome().told.isEmpty());
        return line.outcome().told.remove(0);
    }

    private static CompletionHandler<Long, Void> failing(CompletableFuture<Throwable> failure) {
        return new CompletionHandler<>() {
            @Override
            public void completed(Long bytes, Void attachment) {
                failure.complete(new AssertionError("it was written at once"));
            }

            @Override
            public void failed(Throwable cause, Void attachment) {
                failure.complete(cause);
            }
        };
    }

    private Object endpoint(String room) {
        return field(SessionView.raw(held.get(room)), WsSession.class, "wsRemoteEndpoint");
    }

    private SocketWrapperBase<?> wrapper(String room) {
        Object endpoint = endpoint(room);
        return (SocketWrapperBase<?>) field(endpoint, endpoint.getClass(), "socketWrapper");
    }

    private static Object field(Object of, Class<?> type, String name) {
        try {
            var field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
