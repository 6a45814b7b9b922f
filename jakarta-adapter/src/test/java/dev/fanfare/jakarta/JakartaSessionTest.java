package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.fanfare.Runs;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

final class JakartaSessionTest {

    /** As Jetty's JakartaWebSocketSession. */
    public interface Abortable extends Session {
        void abort();
    }

    /** As Undertow's UndertowSession. */
    public interface Closeable extends Session {
        void forceClose();
    }

    private final RemoteEndpoint.Async remote = mock(RemoteEndpoint.Async.class);
    private final List<String> told = new ArrayList<>();

    private <S extends Session> JakartaSession session(S session) {
        when(session.getAsyncRemote()).thenReturn(remote);
        when(session.isOpen()).thenReturn(true);
        return new JakartaSession("id", session, new Owner(), new FastPaths(true));
    }

    private final class Owner implements JakartaSession.Owner {
        @Override
        public void pinged(JakartaSession session) {
            told.add("pinged");
        }

        @Override
        public void closed(JakartaSession session, CloseReason reason, boolean hard) {
            told.add("closed " + reason.getCloseCode().getCode() + (hard ? " hard" : ""));
        }
    }

    @Test
    void firstRunWaitsUntilTheApplicationHasOpenedTheSession() {
        JakartaSession session = session(mock(Session.class));
        session.send(Runs.ofTexts("a"), new Outcome());
        verify(remote, never()).sendText(any(), any(SendHandler.class));
        session.opened();
        session.opened();
        verify(remote, times(1)).sendText(eq("a"), any(SendHandler.class));
        session.send(Runs.ofTexts("b"), new Outcome());
        verify(remote, times(1)).sendText(eq("b"), any(SendHandler.class));
    }

    @Test
    void pingIsTold() throws IOException {
        session(mock(Session.class)).ping();
        verify(remote).sendPing(any());
        assertEquals(List.of("pinged"), told);
    }

    @Test
    void pingOfAClosedSessionThrows() throws IOException {
        Session closed = mock(Session.class);
        JakartaSession session = session(closed);
        when(closed.isOpen()).thenReturn(false);
        assertThrows(IllegalStateException.class, session::ping);
        verify(remote, never()).sendPing(any());
    }

    @Test
    void pingThatFailsThrows() throws IOException {
        doThrow(new IOException("gone")).when(remote).sendPing(any());
        assertThrows(IllegalStateException.class, session(mock(Session.class))::ping);
        assertEquals(List.of(), told);
    }

    @Test
    void closeThatThrowsIsStillAClose() throws IOException {
        for (Exception e : new Exception[] {new IOException("broken pipe"), new IllegalStateException("closed")}) {
            Session broken = mock(Session.class);
            doThrow(e).when(broken).close(any());
            assertDoesNotThrow(() -> session(broken).close(1013, "slow", false));
        }
        assertEquals(List.of("closed 1013", "closed 1013"), told);
    }

    @Test
    void longReasonIsCutBetweenCharacters() throws IOException {
        Session session = mock(Session.class);
        session(session).close(1001, "ab" + "😀".repeat(50), false);
        ArgumentCaptor<CloseReason> reason = ArgumentCaptor.forClass(CloseReason.class);
        verify(session).close(reason.capture());
        assertEquals("ab" + "😀".repeat(30), reason.getValue().getReasonPhrase());
        assertTrue(reason.getValue().getReasonPhrase().getBytes(StandardCharsets.UTF_8).length <= 123);
    }

    @Test
    void hardCloseDropsTheConnectionWhereTheContainerCan() throws IOException {
        Abortable jetty = mock(Abortable.class);
        session(jetty).close(1013, "slow", true);
        verify(jetty).abort();
        verify(jetty, never()).close(any());

        Closeable undertow = mock(Closeable.class);
        session(undertow).close(1013, "slow", true);
        verify(undertow).forceClose();
        verify(undertow, never()).close(any());

        Session other = mock(Session.class);
        session(other).close(1013, "slow", true);
        verify(other).close(any());
        assertEquals(List.of("closed 1013 hard", "closed 1013 hard", "closed 1013 hard"), told);
    }
}
