package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.Message;
import dev.fanfare.Run;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.WebSocketClient;
import java.util.List;

/**
 * Both ends of one connection: the session as the hub sees it, and its client. The hub itself sends it nothing as long as nobody
 * broadcasts to its room and it is pinged, so a test may stand in for the hub.
 */
record Line(Node node, WebSocketClient client, JakartaSession session, Outcome outcome) implements AutoCloseable {

    /** Sends {@code run} and waits until the container has taken it. */
    void send(Run run) {
        var sent = new Outcome();
        session.send(run, sent);
        Await.until("the run left", () -> !sent.told.isEmpty());
        assertEquals(List.of("done"), sent.told);
    }

    /** Begins to send {@code run}, whose {@link #outcome} is told. For one run at a time. */
    void begin(Run run) {
        session.send(run, outcome);
    }

    void receives(Run run) {
        receives(run.messages());
    }

    void receives(List<Message> messages) {
        messages.forEach(message -> assertIs(message, client.next()));
    }

    static void assertIs(Message message, WebSocketClient.Received received) {
        int kind = message instanceof Message.Text ? WebSocketClient.TEXT : WebSocketClient.BINARY;
        assertEquals(kind, received.opcode(), () -> message + " is " + received);
        assertArrayEquals(message.buffer().array(), received.payload());
    }

    @Override
    public void close() {
        client.close();
    }
}
