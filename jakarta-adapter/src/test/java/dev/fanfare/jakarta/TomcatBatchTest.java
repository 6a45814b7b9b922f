package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Message;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What threads that may block must not do, on Tomcat 10.1 and 11, where runs are sent by the standard API in batches. */
final class TomcatBatchTest extends TwoNodes {

    /** More than there are threads. */
    private static final int STUCK = 12;

    TomcatBatchTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        return builder.fastPaths(false);
    }

    @Override
    Class<?> sender() {
        return Batches.Sender.class;
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fanfare-batch-"))
                .toList();
    }

    @Test
    void clientsThatHoldUpAllThreadsHoldUpNobodyElse() throws IOException {
        var big = Message.binary(ByteBuffer.allocate(1 << 20));
        List<Line> stuck = new ArrayList<>();
        int before = threads().size();
        try (var node = node(
                        bus.peer(), options -> options.outbox(100, 64 << 20).pinnedBytes(1 << 30));
                var reading = joined(node, "/chat/others")) {
            for (int i = 0; i < STUCK; i++) {
                stuck.add(smallLine(node, "stuck" + i));
            }
            for (int i = 0; i < 20 * STUCK; i++) {
                a.hub().broadcast("stuck" + i % STUCK, big).join();
                a.hub().broadcast("others", "message " + i).join();
                assertEquals("message " + i, reading.next().text());
                assertTrue(threads().size() <= before + 9, () -> threads().toString());
            }
            // None of them has been given up meanwhile: that is not what let the others go on.
            assertEquals(STUCK + 1, node.hub().stats().sessions());
            for (Line line : stuck) {
                line.client().reset();
            }
            Await.until("they left", () -> node.hub().stats().sessions() == 1);
            Await.until("one thread works, one looks", () -> threads().size() == before + 2);
            a.hub().broadcast("others", "the end").join();
            assertEquals("the end", reading.next().text());
        }
        assertEquals(before, threads().size());
    }

    @Test
    void clientThatIsGivenUpAndClosingTheHubLetItsThreadGo() {
        var run = Runs.of(Message.binary(ByteBuffer.allocate(20 << 20)));
        int before = threads().size();
        try (var node = node(bus.peer(), options -> options);
                var first = smallLine(node, "first");
                var second = smallLine(node, "second")) {
            first.begin(run);
            second.begin(run);
            Await.until("both have a thread", () -> threads().size() == before + 3);
            first.session().close(1013, "too slow", false);
            first.session().close(1013, "too slow", true);
            Await.until("one thread is free", () -> !first.outcome().told.isEmpty());
        }
        assertEquals(before, threads().size());
    }

    @Test
    void batchOfTheApplicationIsFlushedByTheApplicationAlone() throws IOException {
        try (var line = line(a, "batch")) {
            var remote = SessionView.raw(held.get("batch")).getBasicRemote();
            remote.setBatchingAllowed(true);
            remote.sendText("own");
            line.begin(Runs.ofTexts("run", "of two"));
            Await.until("it left", () -> line.outcome().told.equals(List.of("done")));
            assertTrue(remote.getBatchingAllowed());
            remote.flushBatch();
            assertEquals(List.of("own", "run", "of two"), line.client().texts(3));
        }
    }
}
