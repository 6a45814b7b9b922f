package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.fanfare.Message;
import dev.fanfare.Run;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import jakarta.websocket.Session;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.util.net.SocketWrapperBase.BlockingMode;
import org.apache.tomcat.websocket.WsSession;
import org.junit.jupiter.api.Test;

final class TomcatFastPathTest extends FastPathContract {

    private static final int LONG = 20 << 20;

    TomcatFastPathTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    Class<?> sender() {
        return TomcatPath.Sender.class;
    }

    /** Tomcat lets the next message begin when a blocking send has timed out, but goes on to write that one. */
    @Test
    void runStaysBehindABlockingWriteThatTimedOut() throws Exception {
        Run givenUp = Runs.of(Message.binary(ByteBuffer.allocate(LONG)));
        Run run = Runs.ofTexts("behind", "it");
        try (var line = smallLine(a, "late")) {
            var wrapper = wrapper(SessionView.raw(held.get("late")));
            var failure = new CompletableFuture<Throwable>();
            wrapper.write(
                    BlockingMode.BLOCK,
                    1,
                    TimeUnit.MILLISECONDS,
                    null,
                    SocketWrapperBase.COMPLETE_WRITE_WITH_COMPLETION,
                    failing(failure),
                    givenUp.frames());
            assertInstanceOf(SocketTimeoutException.class, failure.get());
            assertEquals("busy after 0", attempt(line, run));
            line.receives(givenUp);
            Await.until("it leaves", () -> attempt(line, run).equals("done"));
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

    private static SocketWrapperBase<?> wrapper(Session session) throws Exception {
        var endpoint = WsSession.class.getDeclaredField("wsRemoteEndpoint");
        endpoint.setAccessible(true);
        Object remote = endpoint.get(session);
        var wrapper = remote.getClass().getDeclaredField("socketWrapper");
        wrapper.setAccessible(true);
        return (SocketWrapperBase<?>) wrapper.get(remote);
    }
}
