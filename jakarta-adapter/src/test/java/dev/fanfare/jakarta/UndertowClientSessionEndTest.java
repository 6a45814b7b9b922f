package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.Message;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import io.undertow.websockets.jsr.UndertowSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On Undertow 2.3. */
final class UndertowClientSessionEndTest extends ClientSessionEndContract {
    UndertowClientSessionEndTest() {
        super(EmbeddedUndertow::new);
    }

    @Override
    Class<?> sender() {
        return UndertowPath.Sender.class;
    }

    /** Undertow has noticed, and closed with 1000 by itself, but tells of it only when the run is over. */
    @Test
    void clientThatIsGoneWithoutAWordHasNotLeftNormallyThoughTheHubClosesItFirst() throws IOException {
        try (var line = smallLine(a, "gone")) {
            line.begin(Runs.of(Message.binary(ByteBuffer.allocate(20 << 20))));
            line.client().finish();
            var channel = ((UndertowSession) SessionView.raw(held.get("gone"))).getWebSocketChannel();
            Await.until("Undertow has noticed", channel::isCloseFrameReceived);
            line.session().close(1011, "a send failed", false);
            Await.until("@OnClose", () -> !closesOf("gone").isEmpty());
            assertEquals(List.of("gone closed 1006"), closesOf("gone"));
            line.session().close(1011, "a send failed", true);
        }
    }
}
