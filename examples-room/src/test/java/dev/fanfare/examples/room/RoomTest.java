package dev.fanfare.examples.room;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.jakarta.WebSocketHub;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;
import org.junit.jupiter.api.Test;

class RoomTest implements WebSocket.Listener {
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    void everybodyInTheRoomHearsWhatIsSaidOnAnyNode() throws Exception {
        var bus = LocalBroadcaster.create(); // in the place of Redis
        try (var here = WebSocketHub.create(bus);
                var elsewhere = WebSocketHub.create(bus.peer())) {
            var container = (TyrusServerContainer) ServerContainerFactory.createServerContainer(Map.of());
            container.addEndpoint(here.endpoint(Room.class));
            container.start("/", 0); // on any free port
            var address = URI.create("ws://localhost:" + container.getPort() + "/rooms/tea");
            var client = HttpClient.newHttpClient().newWebSocketBuilder();
            client.buildAsync(address, this).join().sendText("hello", true);
            assertEquals("hello", heard.poll(10, SECONDS)); // whoever hears itself has joined
            elsewhere.broadcast("room.tea", "hello from another node");
            assertEquals("hello from another node", heard.poll(10, SECONDS));
            container.stop();
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        heard.add(text.toString());
        return WebSocket.Listener.super.onText(from, text, last);
    }
}
