package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What an endpoint of a hub negotiates and says, frame by frame, compared with the same class without a hub. */
abstract class HandshakeContract {

    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

    private final Function<Container.Deployment, Container> container;
    private final boolean compresses;

    /** With a container that has permessage-deflate, or has not. */
    HandshakeContract(Function<Container.Deployment, Container> container, boolean compresses) {
        this.container = container;
        this.compresses = compresses;
    }

    @Test
    void endpointWithEverythingOfItsOwnConversesAsWithoutUs() throws IOException {
        List<String> without;
        try (var served = container.apply(server -> server.addEndpoint(Conversing.class))) {
            without = conversation(served);
        }
        try (var hub = WebSocketHub.create(LocalBroadcaster.create());
                var served = container.apply(server -> server.addEndpoint(hub.endpoint(Conversing.class)))) {
            assertEquals(without, conversation(served));
        }
        assertTrue(without.contains("[101, sec-websocket-protocol: two, x-own: yes]"), without.toString());
        assertTrue(without.contains("81 " + hex("welcome Ada green two")), without.toString());
        assertTrue(without.contains("closed 3001 enough"), without.toString());
    }

    private static String hex(String text) {
        return new RawClient.Frame(0, text.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(2);
    }

    /** All that the server says: headers, frames, and what the application is told of the end. */
    private static List<String> conversation(Container served) throws IOException {
        Conversing.CLOSED.clear();
        List<String> said = new ArrayList<>();
        try (var client =
                new RawClient(served.port(), "/conversing/green", "Sec-WebSocket-Protocol: one, two", "X-Name: Ada")) {
            said.add(client.handshake("sec-websocket-protocol", "x-own").toString());
            said.add(client.next().toString());
            client.send(0x81, "1,2");
            said.add(client.next().toString());
            client.send(0x01, "3,");
            client.send(0x80, "4");
            said.add(client.next().toString());
            for (int length : new int[] {0, 3, 125, 126, 5_000}) {
                var bytes = new byte[length];
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) i;
                }
                client.send(0x82, bytes);
                said.add(client.next().toString());
                said.add(client.next().toString());
            }
            client.send(0x89, "ping");
            said.add(client.next().toString());
            client.send(0x88, "\u000b\u00b9enough".getBytes(StandardCharsets.ISO_8859_1));
            said.add(client.next().toString());
        }
        Await.until("@OnClose", () -> !Conversing.CLOSED.isEmpty());
        said.add("closed " + Conversing.CLOSED.get(0));
        return said;
    }

    @Test
    void nothingIsCompressedByDefault() throws IOException {
        try (var hub = WebSocketHub.create(LocalBroadcaster.create());
                var served = container.apply(server -> server.addEndpoint(hub.endpoint(Endpoints.Answering.class)));
                var client = new RawClient(served.port(), "/answer/1", OFFER)) {
            assertEquals(List.of("101"), client.handshake("sec-websocket-extensions"));
            client.send(0x82, new byte[5_000]);
            assertEquals(
                    new RawClient.Frame(0x82, new byte[5_000]).toString(),
                    client.next().toString());
        }
    }

    @Test
    void messagesAreCompressedOnDemandForClientsThatOfferItWhereTheContainerCan() throws IOException {
        try (var hub = WebSocketHub.builder(LocalBroadcaster.create())
                        .permessageDeflate(true)
                        .build();
                var served = container.apply(server -> server.addEndpoint(hub.endpoint(Endpoints.Chat.class)))) {
            try (var client = new RawClient(served.port(), "/chat/deflated", OFFER);
                    var plain = new RawClient(served.port(), "/chat/deflated")) {
                String answer = client.handshake("sec-websocket-extensions").toString();
                assertEquals(compresses, answer.contains("permessage-deflate"), answer);
                assertEquals(List.of("101"), plain.handshake("sec-websocket-extensions"));
                Await.until("both joined", () -> hub.sessions().count("deflated") == 2);
                String text = "again and again, ".repeat(300);
                plain.send(0x81, text);
                RawClient.Frame first = client.next();
                assertEquals(compresses, first.isCompressed());
                assertEquals(compresses, first.payload().length < text.length() / 10);
                assertEquals(text, compresses ? first.inflated() : new String(first.payload(), StandardCharsets.UTF_8));
                assertEquals(
                        new RawClient.Frame(0x81, text.getBytes(StandardCharsets.UTF_8)).toString(),
                        plain.next().toString());
            }
        }
    }
}
