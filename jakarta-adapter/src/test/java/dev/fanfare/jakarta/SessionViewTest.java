package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a view makes of a container that does what none does on demand: so the session is Mockito's. */
final class SessionViewTest {

    /** Keeps the session that it sees. */
    @ServerEndpoint("/view")
    public static final class Seeing {
        private volatile Session session;
        private volatile CloseReason closed;

        @OnOpen
        public void open(Session opened, EndpointConfig config) {
            session = opened;
        }

        @OnMessage
        public void message(String text) {}

        @OnClose
        public void close(CloseReason reason) {
            closed = reason;
        }
    }

    private final Session raw = mock(Session.class);
    private final RemoteEndpoint.Async async = mock(RemoteEndpoint.Async.class);
    private final RemoteEndpoint.Basic basic = mock(RemoteEndpoint.Basic.class);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicBoolean callbacksBlock = new AtomicBoolean();
    private final ExecutorService callbacks = Executors.newSingleThreadExecutor();
    private final WebSocketHub hub = WebSocketHub.builder(LocalBroadcaster.create())
            .sendTimeout(Duration.ofSeconds(1))
            .executor(callback -> {
                if (!callbacksBlock.get()) {
                    callbacks.execute(callback);
                }
            })
            .build();
    private final Seeing seeing = new Seeing();
    private Session view;
    private AnnotatedEndpoint endpoint;

    @BeforeEach
    void open() throws InstantiationException {
        when(raw.getAsyncRemote()).thenReturn(async);
        when(raw.getBasicRemote()).thenReturn(basic);
        when(raw.isOpen()).thenReturn(true);
        var config = hub.endpoint(Seeing.class, () -> seeing);
        endpoint = (AnnotatedEndpoint) config.getConfigurator().getEndpointInstance(config.getEndpointClass());
        endpoint.onOpen(raw, config);
        view = seeing.session;
    }

    @AfterEach
    void close() {
        endpoint.onClose(raw, new CloseReason(CloseCodes.NORMAL_CLOSURE, ""));
        hub.close();
        callbacks.shutdown();
    }

    private interface Reaction {
        void to(String text, SendHandler handler);
    }

    private void asynchronously(Reaction reaction) {
        doAnswer(call -> {
                    told.add("sent " + call.getArgument(0));
                    reaction.to(call.getArgument(0), call.getArgument(1));
                    return null;
                })
                .when(async)
                .sendText(anyString(), any(SendHandler.class));
    }

    private void tell(SendResult result) {
        told.add(result.isOK() ? "ok" : result.getException().getMessage());
    }

    @Test
    void handlerThatIsNeverCalledEndsTheSessionAndTheApplicationIsTold() {
        asynchronously((text, handler) -> {});
        view.getAsyncRemote().sendText("a", this::tell);
        view.getAsyncRemote().sendText("b", this::tell);
        Future<Void> future = view.getAsyncRemote().sendText("c");
        assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
        Await.until("both are told: " + told, () -> told.size() == 3);
        Await.until("the future, too", future::isDone);
        assertEquals("sent a", told.get(0));
        assertTrue(told.stream().skip(1).allMatch(t -> t.contains("the message was not sent")), told.toString());
        var failure = assertThrows(ExecutionException.class, future::get);
        assertTrue(failure.getCause() instanceof IOException, failure.toString());
        Await.until("it has ended", () -> hub.stats().sessions() == 0);
    }

    @Test
    void handlerThatIsCalledTwiceTellsTheApplicationOnce() throws Exception {
        asynchronously((text, handler) -> {
            handler.onResult(new SendResult());
            handler.onResult(new SendResult(new IOException("late")));
        });
        view.getAsyncRemote().sendText("a", this::tell);
        view.getAsyncRemote().sendText("b").get(20, TimeUnit.SECONDS);
        view.getAsyncRemote().sendText("c").get(20, TimeUnit.SECONDS);
        Await.until("told", () -> told.contains("ok"));
        assertEquals(
                List.of("sent a", "sent b", "sent c"),
                told.stream().filter(t -> t.startsWith("sent")).toList());
        assertEquals(1, told.stream().filter(t -> !t.startsWith("sent")).count());
    }

    @Test
    void handlerThatIsCalledWithAThrowFailsTheSendOnce() {
        asynchronously((text, handler) -> {
            handler.onResult(new SendResult(new IOException("broken pipe")));
            throw new IllegalStateException("and closed");
        });
        view.getAsyncRemote().sendText("a", this::tell);
        Await.until("told", () -> told.size() == 2);
        assertTrue(told.get(1).contains("broken pipe"), told.toString());
        Await.until("it has ended", () -> hub.stats().sessions() == 0);
        assertEquals(2, told.size());
    }

    @Test
    void handlerOfTheApplicationThatThrowsHarmsNobody() throws Exception {
        asynchronously((text, handler) -> handler.onResult(new SendResult()));
        view.getAsyncRemote().sendText("a", result -> {
            throw new IllegalStateException("a defect of the application");
        });
        view.getAsyncRemote().sendText("b").get(20, TimeUnit.SECONDS);
    }

    @Test
    void remoteThatThrowsAfterCloseFailsTheSendWithAnIoException() throws Exception {
        doThrow(new IllegalStateException("closed")).when(raw).getBasicRemote();
        var failure =
                assertThrows(IOException.class, () -> view.getBasicRemote().sendText("a"));
        assertEquals("the message was not sent: closed", failure.getMessage());
        Await.until("it has ended", () -> hub.stats().sessions() == 0);
    }

    @Test
    void blockingSendThatFailsTellsItsCallerAndEndsTheSession() throws Exception {
        doThrow(new IOException("broken pipe")).when(basic).sendText("a");
        assertThrows(IOException.class, () -> view.getBasicRemote().sendText("a"));
        Await.until("it is closed", () -> hub.stats().sessions() == 0);
        assertEquals(
                "the message was not sent: the session is closed",
                assertThrows(IOException.class, () -> {
                            endpoint.onClose(raw, new CloseReason(CloseCodes.NORMAL_CLOSURE, ""));
                            view.getBasicRemote().sendText("b");
                        })
                        .getMessage());
    }

    @Test
    void blockingSendWaitsForItsTurnAndIsFreeWhenTheSessionEnds() {
        asynchronously((text, handler) -> {});
        callbacksBlock.set(true); // nobody who waits may depend on them: they may all be waiting themselves
        hub.send(raw, "first");
        Await.until("it is under way", () -> told.contains("sent first"));
        var waiting = CompletableFuture.supplyAsync(() -> assertThrows(
                        IOException.class, () -> view.getBasicRemote().sendText("second"))
                .getMessage());
        Await.until("it waits", () -> hub.known().find(raw).turns().pending() != null);
        endpoint.onClose(raw, new CloseReason(CloseCodes.CLOSED_ABNORMALLY, ""));
        assertTrue(waiting.orTimeout(20, TimeUnit.SECONDS).join().contains("the session is closed"));
        assertEquals(List.of("sent first"), told);
    }

    @Test
    void closeThatThrowsIsThrownToTheApplication() throws IOException {
        doThrow(new IOException("broken pipe")).when(raw).close(any());
        assertThrows(IOException.class, view::close);
        assertTrue(!view.isOpen());
    }

    @Test
    void applicationThatClosedIsToldItsOwnReasonThoughASendFailedAfterwards() throws IOException {
        var own = new CloseReason(CloseCodes.NORMAL_CLOSURE, "done");
        view.close(own);
        endpoint.onClose(raw, new CloseReason(CloseCodes.UNEXPECTED_CONDITION, "a send failed"));
        assertSame(own, seeing.closed);
    }

    @Test
    void applicationThatClosedIsToldWhatTheClientSaid() throws IOException {
        var theirs = new CloseReason(CloseCodes.GOING_AWAY, "");
        view.close();
        endpoint.onClose(raw, theirs);
        assertSame(theirs, seeing.closed);
    }

    @Test
    void applicationIsToldWhyTheHubClosedThoughTheContainerCallsThatNormal() throws IOException {
        doAnswer(call -> {
                    endpoint.onClose(raw, new CloseReason(CloseCodes.NORMAL_CLOSURE, null));
                    return null;
                })
                .when(raw)
                .close(any());
        hub.close();
        assertEquals(CloseCodes.GOING_AWAY, seeing.closed.getCloseCode());
    }

    @Test
    void nullIsRefusedAsTheSpecificationSays() {
        assertThrows(IllegalArgumentException.class, () -> view.getBasicRemote().sendText(null));
        assertThrows(IllegalArgumentException.class, () -> view.getBasicRemote().sendBinary(null, true));
        assertThrows(IllegalArgumentException.class, () -> view.getAsyncRemote().sendText("a", null));
        assertThrows(IllegalArgumentException.class, () -> view.getAsyncRemote().sendObject(null));
    }

    @Test
    void partsOfTwoKindsDoNotMix() throws IOException {
        view.getBasicRemote().sendText("a", false);
        assertThrows(IllegalStateException.class, () -> view.getBasicRemote().sendBinary(ByteBuffer.allocate(1), true));
        view.getBasicRemote().sendText("b", true);
        verify(basic).sendText("ab");
    }

    @Test
    void everythingElseIsAskedOfTheContainer() throws Exception {
        Set<String> own = Set.of("getBasicRemote", "getAsyncRemote", "getOpenSessions", "close", "isOpen", "toString");
        List<String> others = new ArrayList<>();
        for (Method method : Session.class.getMethods()) {
            if (!own.contains(method.getName())) {
                var arguments = new Object[method.getParameterCount()];
                for (int i = 0; i < arguments.length; i++) {
                    Class<?> type = method.getParameterTypes()[i];
                    arguments[i] = type == int.class ? (Object) 7 : type == long.class ? (Object) 7L : null;
                }
                method.invoke(view, arguments);
                method.invoke(verify(raw, org.mockito.Mockito.atLeastOnce()), arguments);
                others.add(method.getName());
            }
        }
        assertTrue(others.size() >= 22, others.toString());
        Set<String> declared = Arrays.stream(SessionView.class.getDeclaredMethods())
                .map(Method::getName)
                .collect(Collectors.toSet());
        assertTrue(declared.containsAll(own) && declared.containsAll(others), "a default method was forgotten");
    }

    @Test
    void viewAndContainersSessionAreOneForTheHub() {
        assertSame(raw, WebSocketHub.unwrap(view));
        assertSame(raw, WebSocketHub.unwrap(raw));
        assertEquals(hub.id(raw), hub.id(view));
        when(raw.getOpenSessions()).thenReturn(Set.of(raw));
        assertEquals(Set.of(view), view.getOpenSessions());
        hub.join(view, "channel").join();
        assertEquals(Set.of("channel"), hub.sessions().channelsOf(hub.id(raw)));
        hub.leave(raw, "channel").join();
        assertEquals(0, hub.sessions().count("channel"));
    }
}
