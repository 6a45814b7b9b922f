package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Tomcat's batching does to a session that is being closed, and why no run is sent as a batch: see docs/adr/0005-fast-paths.md. */
final class TomcatBatchingTest extends TwoNodes {

    private static final int LONG = 20 << 20;

    TomcatBatchingTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        return builder.fastPaths(false);
    }

    /** What blocks, on a thread of its own. */
    private interface Blocking {
        void run() throws IOException;
    }

    private static Thread blocked(Blocking task) {
        var thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        Await.until("it waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }

    /** If not even then, batches may be reconsidered. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeFrameIsLostIfBatchingIsAllowedWhileItWaitsForItsTurn(boolean batching) throws Exception {
        String room = "batching" + batching;
        try (var line = smallLine(a, room)) {
            Session session = SessionView.raw(held.get(room));
            var sending = blocked(() -> session.getBasicRemote().sendBinary(ByteBuffer.allocate(LONG)));
            var closing = blocked(() -> session.close(new CloseReason(CloseReason.CloseCodes.NORMAL_CLOSURE, "")));
            session.getBasicRemote().setBatchingAllowed(batching);
            assertEquals(LONG, line.client().next().payload().length);
            sending.join();
            closing.join();
            line.session().close(1001, "", true);
            assertEquals(batching ? 1006 : 1000, line.client().closeCode());
        }
    }
}
