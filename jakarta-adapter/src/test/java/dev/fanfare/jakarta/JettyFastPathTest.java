package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Run;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.WebSocketClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.junit.jupiter.api.Test;

final class JettyFastPathTest extends FastPathContract {
    JettyFastPathTest() {
        super(EmbeddedJetty::new);
    }

    @Override
    Class<?> sender() {
        return JettyPath.Sender.class;
    }

    /** Jetty cuts a run whose first message is too long for a frame (FragmentingFlusher), and would cut all that comes along. */
    @Test
    void messageLongerThanJettysLongestFrameIsCutAloneOrNotAtAll() throws ReflectiveOperationException {
        Run run = Runs.ofTexts("a".repeat(2_500), "b".repeat(900), "c".repeat(2_500), "d", "e".repeat(1_001), "f");
        try (var line = line(a, "cut")) {
            var raw = SessionView.raw(held.get("cut"));
            ((CoreSession) raw.getClass().getMethod("getCoreSession").invoke(raw)).setMaxFrameSize(1_000);
            line.begin(run);
            List<Integer> lengths = new ArrayList<>();
            var message = new StringBuilder();
            for (String expected : List.of("a", "b", "c", "d", "e", "f")) {
                WebSocketClient.Received frame;
                do {
                    frame = line.client().nextFrame();
                    lengths.add(frame.payload().length);
                    message.append(new String(frame.payload(), StandardCharsets.UTF_8));
                } while (!frame.fin());
                assertTrue(message.toString().matches(expected + "+"), message.toString());
                message.setLength(0);
            }
            assertEquals(List.of(1_000, 1_000, 500, 900, 2_500, 1, 1_001, 1), lengths);
            Await.until("it left", () -> line.outcome().told.equals(List.of("done")));
        }
    }
}
