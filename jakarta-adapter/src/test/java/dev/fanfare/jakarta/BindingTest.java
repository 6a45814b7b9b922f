package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.fanfare.Channel;
import dev.fanfare.Codec;
import dev.fanfare.LocalBroadcaster;
import dev.fanfare.Message;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The methods of annotated classes are called as the specification says, or the class is refused. */
final class BindingTest {

    private final WebSocketHub hub = WebSocketHub.create(LocalBroadcaster.create());

    @AfterEach
    void close() {
        hub.close();
    }

    static List<Rows.Row> supported() {
        return Rows.supported();
    }

    static List<Refused.Row> refused() {
        return Refused.rows();
    }

    @ParameterizedTest
    @MethodSource("supported")
    void methodIsCalledAsDeclared(Rows.Row row) throws InstantiationException, IOException {
        Rows.Base instance = row.endpoint();
        @SuppressWarnings("unchecked")
        var type = (Class<Rows.Base>) instance.getClass();
        var session = new FakeSession(hub.endpoint(type, () -> instance), Map.of("id", "7", "color", "red"));
        row.events().of(session);
        Await.until("answers", () -> session.sent.size() >= row.sent().size());
        List<Object> seen = new ArrayList<>(instance.seen);
        if (!session.closes.isEmpty() && !row.toString().equals("OpenThrows")) {
            seen.add("closed " + session.closes);
        }
        session.endpoint.onClose(session.session, new CloseReason(CloseCodes.NORMAL_CLOSURE, ""));
        assertEquals(row.seen(), seen);
        assertEquals(row.sent(), session.sent);
        Await.until("the session has ended", () -> hub.stats().sessions() == 0);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNotOfTheSpecificationIsRefusedByClassMethodAndRule(Refused.Row row) {
        String refusal = assertThrows(IllegalArgumentException.class, () -> hub.endpoint(row.type()))
                .toString();
        assertTrue(refusal.contains(row.type().getName()), refusal);
        for (String words : row.words()) {
            assertTrue(refusal.contains(words), refusal);
        }
    }

    @Test
    void onCloseIsCalledOnce() throws InstantiationException, IOException {
        var instance = new LifecycleEndpoints.CloseNothing();
        var session = new FakeSession(hub.endpoint(LifecycleEndpoints.CloseNothing.class, () -> instance), Map.of());
        session.endpoint.onClose(session.session, new CloseReason(CloseCodes.NORMAL_CLOSURE, ""));
        session.endpoint.onClose(session.session, new CloseReason(CloseCodes.CLOSED_ABNORMALLY, ""));
        assertEquals(List.of("close"), instance.seen);
    }

    @Test
    void onCloseIsCalledAlsoWhenTheContainerNeverDoes() throws InstantiationException, IOException {
        try (var quick = quick()) {
            var instance = new LifecycleEndpoints.CloseNothing();
            var session = new FakeSession(
                            quick.endpoint(LifecycleEndpoints.CloseNothing.class, () -> instance), Map.of())
                    .deaf();
            when(session.session.isOpen()).thenReturn(false);
            Await.until("@OnClose", () -> instance.seen.equals(List.of("close")));
            Await.until("the session has ended", () -> quick.stats().sessions() == 0);
        }
    }

    @Test
    void sessionThatTheContainerDeployedIsForgottenWhenItEnds() throws IOException {
        try (var quick = quick()) {
            Session undeployed = mock(Session.class);
            when(undeployed.isOpen()).thenReturn(true);
            when(undeployed.getAsyncRemote()).thenReturn(mock(RemoteEndpoint.Async.class));
            String id = quick.id(undeployed);
            assertEquals(id, quick.id(undeployed));
            quick.join(undeployed, "channel").join();
            assertEquals(Set.of("channel"), quick.sessions().channelsOf(id));
            when(undeployed.isOpen()).thenReturn(false);
            Await.until("the session has ended", () -> quick.stats().sessions() == 0);
            Await.until("it was closed", () -> quick.stats().closesPending() == 0);
            assertThrows(IllegalStateException.class, () -> quick.id(undeployed));
            assertTrue(quick.join(undeployed, "channel").isCompletedExceptionally());
            assertTrue(quick.leave(undeployed).isDone());
        }
    }

    @Test
    void theLogCallsANodeWhatTheIdsOfItsSessionsBeginWith() throws Exception {
        try (var log = CapturedLog.of("dev.fanfare.ApplicationCode");
                var node = WebSocketHub.create(LocalBroadcaster.create())) {
            Session undeployed = mock(Session.class);
            when(undeployed.isOpen()).thenReturn(true);
            when(undeployed.getAsyncRemote()).thenReturn(mock(RemoteEndpoint.Async.class));
            String name = node.id(undeployed).replaceFirst("-.*", "");
            Channel<String> channel = Channel.of("words", new Codec<>() {
                @Override
                public Message encode(String word) {
                    return Message.text(word);
                }

                @Override
                public String decode(Message message) {
                    throw new IllegalStateException("never");
                }
            });
            node.subscribe(channel, word -> {}).ready().join();
            node.broadcast(channel, "hello").join();
            String begin = "WARNING Node " + name + ": an event of channel words was skipped";
            Await.until(begin, () -> log.lines().stream().anyMatch(line -> line.startsWith(begin)));
        }
    }

    @Test
    void decodersAndEncodersLiveAsLongAsTheirSession() throws InstantiationException, IOException {
        ServerEndpointConfig config = hub.endpoint(ObjectEndpoints.Lifecycle.class);
        var session = new FakeSession(config, Map.of());
        assertEquals(Map.of("life", "initialised"), config.getUserProperties());
        session.endpoint.onClose(session.session, new CloseReason(CloseCodes.NORMAL_CLOSURE, ""));
        assertEquals(Map.of("life", "destroyed"), config.getUserProperties());
    }

    private static WebSocketHub quick() {
        return WebSocketHub.builder(LocalBroadcaster.create())
                .pingInterval(Duration.ofMillis(100))
                .build();
    }
}
