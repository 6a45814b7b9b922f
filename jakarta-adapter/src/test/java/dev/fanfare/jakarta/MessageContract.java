package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.WebSocketClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of messages, on every container, over real sockets. */
abstract class MessageContract extends TwoNodes {

    private static final int MIB = 1 << 20;

    MessageContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    @Test
    void messageReachesItsSenderAndTheOtherNode() {
        try (var sender = joined(a, "/chat/hello");
                var other = joined(b, "/chat/hello")) {
            sender.sendText("hello");
            assertEquals("hello", sender.next().text());
            assertEquals("hello", other.next().text());
            other.sendBinary(new byte[] {1, 2, -1});
            assertArrayEquals(new byte[] {1, 2, -1}, sender.next().payload());
            assertEquals(WebSocketClient.BINARY, other.next().opcode());
        }
    }

    @Test
    void everySessionSeesTheSameOrder() {
        try (var first = joined(a, "/chat/order");
                var second = joined(a, "/chat/order");
                var third = joined(b, "/chat/order")) {
            var sending = new Thread(() -> IntStream.range(0, 1_000).forEach(i -> first.sendText("first " + i)));
            sending.start();
            IntStream.range(0, 1_000).forEach(i -> third.sendText("third " + i));
            List<String> order = first.texts(2_000);
            assertEquals(order, second.texts(2_000));
            assertEquals(order, third.texts(2_000));
            for (String sender : new String[] {"first ", "third "}) {
                assertEquals(
                        IntStream.range(0, 1_000).mapToObj(i -> sender + i).toList(),
                        order.stream().filter(text -> text.startsWith(sender)).toList());
            }
        }
    }

    @Test
    void welcomeOfTheApplicationComesFirstAndFailsOnNeitherSideDuringAFlood() throws InterruptedException {
        var flooding = new AtomicBoolean(true);
        var flood = new Thread(() -> {
            while (flooding.get()) {
                b.hub().broadcast("welcome", "flood").join();
            }
        });
        flood.start();
        try {
            for (int i = 0; i < 50; i++) {
                try (var client = a.connect("/sending/welcome")) {
                    assertEquals(Collections.nCopies(20, "welcome"), client.texts(20));
                    assertTrue(Set.of("flood", "joined").contains(client.next().text()));
                }
            }
        } finally {
            flooding.set(false);
            flood.join();
        }
    }

    @Test
    void broadcastsWaitForAMessageThatTheApplicationIsWriting() {
        try (var client = a.connect("/sending/busy")) {
            assertEquals(21, client.texts(21).size());
            client.sendText("begin");
            assertEquals("be", client.nextFrame().text());
            a.hub().broadcast("busy", ByteBuffer.wrap(new byte[] {1})).join();
            a.hub().broadcast("busy", "between").join();
            client.sendText("end");
            assertEquals("gin", new String(client.nextFrame().payload(), StandardCharsets.UTF_8));
            assertEquals(1, client.next().payload().length);
            assertEquals("between", client.next().text());
        }
    }

    @Test
    void sendsOfTheApplicationDuringAFloodTakeNothingFromIt() throws InterruptedException {
        try (var client = a.connect("/sending/spam")) {
            assertEquals(21, client.texts(21).size());
            List<String> expected =
                    IntStream.range(0, 3_000).mapToObj(i -> "flood " + i).toList();
            var flood = new Thread(() -> expected.forEach(text -> b.hub().broadcast("spam", text)));
            flood.start();
            client.sendText("spam");
            List<String> flooded = new ArrayList<>();
            while (flooded.size() < expected.size()) {
                String text = client.next().text();
                if (!text.equals("own")) {
                    flooded.add(text);
                }
            }
            flood.join();
            assertEquals(expected, flooded);
        }
    }

    @Test
    void everySessionHasAnInstanceAndWhatItReturnsGoesToItsSender() {
        try (var first = a.connect("/answer/3");
                var second = a.connect("/answer/5")) {
            first.sendText("2,0");
            assertEquals("6,1", first.next().text());
            first.sendText("2,0");
            assertEquals("6,2", first.next().text());
            second.sendText("2,0");
            assertEquals("10,1", second.next().text());
            second.sendBinary(new byte[] {1, 2, 3});
            assertArrayEquals(new byte[] {3, 2, 1}, second.next().payload());
        }
    }

    @Test
    void whatCannotBeDecodedGoesToTheEndpointsErrorMethodAndTheSessionStaysOpen() {
        try (var client = a.connect("/answer/1")) {
            client.sendText("no point");
            assertEquals("DecodeException", client.next().text());
            client.sendText("1,x");
            assertEquals("NumberFormatException", client.next().text());
            client.sendText("1,1");
            assertEquals("1,2", client.next().text());
        }
        try (var client = a.connect("/answer/three")) {
            client.sendText("1,1");
            assertEquals("DecodeException", client.next().text());
        }
    }

    @Test
    void messageThatIsTooLongClosesItsSenderAlone() {
        try (var other = joined(a, "/chat/big");
                var text = joined(a, "/chat/big");
                var wide = joined(a, "/chat/big");
                var binary = joined(a, "/chat/big");
                var own = a.connect("/answer/1")) {
            text.sendText("x".repeat(MIB + 1));
            assertEquals(1009, text.closeCode());
            wide.sendText("€".repeat(MIB / 3 + 1));
            assertEquals(1009, wide.closeCode());
            binary.sendBinary(new byte[MIB + 1]);
            assertEquals(1009, binary.closeCode());
            own.sendText("1," + "0".repeat(99));
            assertEquals(1009, own.closeCode());
            other.sendText("still here");
            assertEquals("still here", other.next().text());
        }
    }

    @Test
    void handshakeNegotiatesTheSubprotocolAndNoExtension() {
        try (var client = a.connect(
                "/chat/handshake",
                "Sec-WebSocket-Protocol: other, fanfare.test",
                "Sec-WebSocket-Extensions: permessage-deflate")) {
            assertTrue(client.handshake().contains("fanfare.test"), client.handshake());
            assertFalse(client.handshake().contains("permessage-deflate"), client.handshake());
        }
    }
}
