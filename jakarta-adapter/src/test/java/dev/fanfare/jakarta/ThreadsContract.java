package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.WebSocketClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Threads of a container that send and wait while others broadcast, where the container has few of them. */
abstract class ThreadsContract extends TwoNodes {

    private static final int CLIENTS = 30;
    private static final int MESSAGES = 50;
    private static final int BROADCASTS = 2_000;

    ThreadsContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    @Override
    Node node(LocalBroadcaster broadcaster, UnaryOperator<WebSocketHub.Builder> options) {
        return Node.start(
                options.apply(WebSocketHub.builder(broadcaster).outbox(100_000, 64 << 20))
                        .build(),
                container,
                hub -> server -> server.addEndpoint(hub.endpoint(OwnSends.class, () -> new OwnSends(hub, events))));
    }

    @Test
    void threadsThatSendDoNotWaitForEachOtherForEver() throws InterruptedException {
        List<WebSocketClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(joined(a, "/own/busy", "own.busy"));
        }
        var flood = new Thread(() -> {
            for (int i = 0; i < BROADCASTS; i++) {
                b.hub().broadcast("own.busy", "broadcast").join();
            }
        });
        flood.start();
        try {
            List<String> own =
                    IntStream.range(0, MESSAGES).mapToObj(i -> "own " + i).toList();
            own.forEach(text -> clients.forEach(client -> client.sendText(text)));
            for (WebSocketClient client : clients) {
                List<String> answers = new ArrayList<>();
                while (answers.size() < MESSAGES) {
                    String text = client.next().text();
                    if (!text.equals("broadcast")) {
                        answers.add(text);
                    }
                }
                assertEquals(own, answers);
            }
            assertEquals(List.of(), events);
        } finally {
            flood.join();
            clients.forEach(WebSocketClient::close);
        }
    }
}
