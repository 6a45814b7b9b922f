package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster;
import dev.fanfare.LocalBroadcaster;
import dev.fanfare.Message;
import dev.fanfare.Receipt;
import dev.fanfare.Receiver;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints with a channel of their own, when the broadcaster says no. */
final class AnnotationTest {

    @Test
    void broadcastThatFailsLaterGoesToOnErrorAndTheSessionStaysOpen() throws Exception {
        try (var hub = WebSocketHub.create(new Refusing())) {
            var endpoint = new Shouting();
            var session = new FakeSession(hub.endpoint(Shouting.class, () -> endpoint), Map.of("room", "allowed"));
            session.text("refused");
            Await.until("@OnError", () -> endpoint.errors.equals(List.of("Refused: not this one")));
            session.text("hello");
            Await.until("it is broadcast", () -> session.sent.equals(List.of("hello")));
            assertEquals(List.of(), session.closes);
        }
    }

    @Test
    void channelThatMayNotBeJoinedGoesToOnErrorAndTheSessionStaysOpen() throws Exception {
        try (var hub = WebSocketHub.create(new Refusing())) {
            var endpoint = new Shouting();
            var session = new FakeSession(hub.endpoint(Shouting.class, () -> endpoint), Map.of("room", "secret"));
            Await.until("@OnError", () -> endpoint.errors.equals(List.of("Refused: no rights for shout.secret")));
            assertEquals(List.of(), session.closes);
        }
    }

    @Test
    void onCloseIsCalledOnceForASessionThatIsRefusedAndNothingElse() throws Exception {
        try (var hub = WebSocketHub.create(new Refusing())) {
            var endpoint = new Shouting();
            var session = new FakeSession(hub.endpoint(Shouting.class, () -> endpoint), Map.of());
            session.endpoint.onClose(session.session, new CloseReason(CloseCodes.NORMAL_CLOSURE, ""));
            assertEquals(List.of(1008), session.closes);
            assertEquals(List.of("closed: path variable \"room\" is missing"), endpoint.errors);
            assertEquals(0, hub.stats().sessions());
        }
    }

    @Test
    void sessionThatEndsIsToldNothingOfWhatItWaitedFor() throws Exception {
        try (var hub = WebSocketHub.create(new Refusing())) {
            var endpoint = new Shouting();
            var session = new FakeSession(hub.endpoint(Shouting.class, () -> endpoint), Map.of("room", "pending"));
            session.endpoint.onClose(session.session, new CloseReason(CloseCodes.NORMAL_CLOSURE, ""));
            Await.until("it left", () -> hub.stats().sessions() == 0);
            assertEquals(List.of(), endpoint.errors);
        }
    }

    @Test
    void channelWithoutVariablesThatIsRefusedIsLogged() {
        try (var hub = WebSocketHub.create(new Refusing());
                var log = CapturedLog.of(EndpointConfigurator.class.getName())) {
            hub.endpoint(Secret.class);
            Await.until("a warning", () -> log.count("WARNING") == 1);
            assertTrue(log.lines().get(0).contains("Channel secret of " + Secret.class.getName()), "" + log.lines());
        }
    }

    @Test
    void endpointOfAClosedHubHasNoChannel() {
        var hub = WebSocketHub.create(LocalBroadcaster.create());
        hub.close();
        assertThrows(IllegalStateException.class, () -> hub.endpoint(Secret.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "app.example.com", "https://", "https://app.example.com/", "https://a b", ""})
    void whatIsNoOriginCannotBeAllowed(String origin) {
        var builder = WebSocketHub.builder(LocalBroadcaster.create());
        String refusal = assertThrows(IllegalArgumentException.class, () -> builder.allowOrigins(origin))
                .getMessage();
        assertTrue(refusal.contains('"' + origin + '"'), refusal);
    }

    @Test
    void refusedOriginsDoNotFillTheLog() {
        Origins origins = Origins.allowing();
        try (var log = CapturedLog.of(Origins.class.getName())) {
            for (int i = 0; i < 1_000; i++) {
                String origin = "https://" + i + "\n.example/" + "x".repeat(1_000);
                assertThrows(RefusedHandshakeException.class, () -> origins.check(origin, "host"));
            }
            assertEquals(100, log.lines().size());
            assertTrue(log.lines().stream().allMatch(line -> line.length() < 400 && line.indexOf('\n') < 0));
        }
    }

    @Test
    void hostsMayBeAddressesOfVersionSix() throws RefusedHandshakeException {
        Origins.allowing().check("http://[::1]:8080", "[::1]");
        Origins.allowing("http://[2001:db8::1]:8080").check("http://[2001:DB8::1]:8080", null);
        assertThrows(
                RefusedHandshakeException.class, () -> Origins.allowing().check("http://[::1]:8080", "[::2]:8080"));
    }

    @Test
    void pathOfTwoTemplatesIsOfTheLiteralOne() {
        var paths = List.of(
                new PathTemplate("/{a}/b"),
                new PathTemplate("/a/{b}"),
                new PathTemplate("/c/d"),
                new PathTemplate("/a/b"),
                new PathTemplate("/b"));
        assertEquals(
                List.of("/b", "/a/b", "/c/d", "/a/{b}", "/{a}/b"),
                paths.stream()
                        .sorted(PathTemplate::compare)
                        .map(PathTemplate::text)
                        .toList());
        assertEquals(Map.of("b", "x y"), new PathTemplate("/a/{b}").match("/a/x y"));
        assertEquals(null, new PathTemplate("/a/{b}").match("/a/b/c"));
        assertEquals(null, new PathTemplate("/a/{b}").match("/b/b"));
    }

    /** Shouts. */
    @ServerEndpoint("/shout/{room}")
    @Broadcast("shout.{room}")
    public static final class Shouting {
        private final List<String> errors = new CopyOnWriteArrayList<>();

        @OnMessage
        public String message(String text) {
            return text;
        }

        @OnError
        public void error(Session session, Throwable cause) {
            errors.add(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        }

        @OnOpen
        public void open(@PathParam("room") String room) {
            Objects.requireNonNull(room, "a session that is refused does not open");
        }

        @OnClose
        public void close(CloseReason reason) {
            if (reason.getCloseCode() == CloseCodes.VIOLATED_POLICY) {
                errors.add("closed: " + reason.getReasonPhrase());
            }
        }
    }

    /** Has a channel that nobody may join. */
    @ServerEndpoint("/secret")
    @Broadcast("secret")
    public static final class Secret {}

    /** Says no to what is called refused or secret, and nothing to what is called pending. */
    private static final class Refusing implements Broadcaster {
        private final LocalBroadcaster local = LocalBroadcaster.create();

        @Override
        public void start(Receiver receiver) {
            local.start(receiver);
        }

        @Override
        public CompletableFuture<Receipt> publish(String channel, Message message) {
            return message instanceof Message.Text text && text.text().equals("refused")
                    ? CompletableFuture.failedFuture(new BroadcastException.Refused("not this one", null))
                    : local.publish(channel, message);
        }

        @Override
        public CompletableFuture<@Nullable Void> subscribe(String channel) {
            if (channel.endsWith("pending")) {
                return new CompletableFuture<>();
            }
            return channel.endsWith("secret")
                    ? CompletableFuture.failedFuture(new BroadcastException.Refused("no rights for " + channel, null))
                    : local.subscribe(channel);
        }

        @Override
        public void unsubscribe(String channel) {
            local.unsubscribe(channel);
        }

        @Override
        public void close() {
            local.close();
        }
    }
}
