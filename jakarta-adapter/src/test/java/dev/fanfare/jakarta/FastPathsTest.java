package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import jakarta.websocket.Extension;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FastPathsTest {

    private final RemoteEndpoint.Async remote = mock(RemoteEndpoint.Async.class);
    private final RunSender fast = (run, completion) -> {};
    private final PortableSender portable = new FastPaths(true).portable(remote);

    private static FastPaths paths(FastPaths.Finder finder) {
        return new FastPaths(Map.of("jakarta.websocket.Session", finder), SelfTest.MILLIS);
    }

    /** A path for any session, whose test does not get a connection. */
    private static FastPath path(RunSender sender) {
        return new FastPath() {
            @Override
            public RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable) {
                return sender;
            }

            @Override
            public Loopback.Opener loopback(Session session) {
                return cut -> {
                    throw new IOException("no port is free");
                };
            }
        };
    }

    @Test
    void pathWhoseSelfTestCannotRunIsNotUsedAndThatIsLoggedOnce() {
        Session session = mock(Session.class);
        try (CapturedLog log = CapturedLog.of(FastPaths.class.getName())) {
            FastPaths paths = paths(type -> path(fast));
            RunSender first = paths.sender(session, remote, portable);
            assertEquals(portable, first.inUse(), "nothing is sent by it yet");
            Await.until("the test is over", () -> !log.lines().isEmpty());
            assertEquals(portable, first.inUse());
            assertEquals(portable, paths.sender(session, remote, portable));
            assertEquals(1, log.lines().size());
            assertTrue(
                    log.lines().get(0).startsWith("WARNING Runs are sent to "),
                    log.lines().get(0));
            assertTrue(log.lines().get(0).contains(": no port is free. Please report"));
        }
    }

    @Test
    void containerThatIsNotKnownOrNotAllowedIsSentToByTheStandardApi() {
        Session session = mock(Session.class);
        assertInstanceOf(PortableSender.class, new FastPaths(true).sender(session, remote, portable));
        assertInstanceOf(PortableSender.class, new FastPaths(false).sender(session, remote, portable));
    }

    @Test
    void sessionWithAnExtensionIsSentToByTheStandardApi() {
        Session session = mock(Session.class);
        when(session.getNegotiatedExtensions()).thenReturn(List.of(mock(Extension.class)));
        assertInstanceOf(PortableSender.class, paths(type -> path(fast)).sender(session, remote, portable));
    }

    @Test
    void versionThatWasNotTestedIsLeftAloneWithOneLine() {
        Session session = mock(Session.class);
        try (CapturedLog log = CapturedLog.of(FastPaths.class.getName())) {
            FastPaths paths = paths(type -> {
                FastPaths.UnsupportedVersionException.check("Tomcat", "12.0.1", "10.1.", "11.0.");
                return path(fast);
            });
            assertInstanceOf(PortableSender.class, paths.sender(session, remote, portable));
            assertInstanceOf(PortableSender.class, paths.sender(session, remote, portable));
            assertEquals(1, log.lines().size());
            assertEquals(
                    "INFO Runs are sent to " + session.getClass().getName()
                            + " by the standard API, message by message, which costs more CPU time: Tomcat 12.0.1 is not"
                            + " one of those for which its fast path was tested: 10.1, 11.0. Look for a version of"
                            + " Fanfare that knows it; WebSocketHub.Builder.fastPaths(false) does without the attempt.",
                    log.lines().get(0));
        }
    }

    @Test
    void pathThatDoesNotProveItselfIsNotTriedAgainAndSaysWhatToDo() {
        Session session = mock(Session.class);
        var trials = new AtomicInteger();
        try (CapturedLog log = CapturedLog.of(FastPaths.class.getName())) {
            FastPaths paths = paths(type -> {
                trials.incrementAndGet();
                throw new IllegalStateException("this Jetty did not write a run as it was");
            });
            assertInstanceOf(PortableSender.class, paths.sender(session, remote, portable));
            assertInstanceOf(PortableSender.class, paths.sender(session, remote, portable));
            assertEquals(1, trials.get());
            assertEquals(1, log.lines().size());
            assertTrue(log.lines().get(0).startsWith("WARNING "), log.lines().get(0));
            assertTrue(
                    log.lines()
                            .get(0)
                            .endsWith("did not write a run as it was. Please report this with the version of the"
                                    + " container; WebSocketHub.Builder.fastPaths(false) does without the attempt."),
                    log.lines().get(0));
        }
    }

    @Test
    void sessionThatHasNotWhatThePathNeedsEndsThePathForAll() {
        Session session = mock(Session.class);
        try (CapturedLog log = CapturedLog.of(FastPaths.class.getName())) {
            FastPaths paths = paths(type -> new FastPath() {
                @Override
                public RunSender sender(Session found, RemoteEndpoint.Async async, RunSender other)
                        throws NoSuchFieldException {
                    throw new NoSuchFieldException("socketWrapper");
                }

                @Override
                public Loopback.Opener loopback(Session found) {
                    throw new AssertionError("it is not tested");
                }
            });
            assertInstanceOf(PortableSender.class, paths.sender(session, remote, portable));
            assertInstanceOf(PortableSender.class, paths.sender(session, remote, portable));
            assertEquals(1, log.lines().size());
            assertTrue(log.lines().get(0).startsWith("WARNING Runs are sent to "));
            assertTrue(log.lines().get(0).contains(": socketWrapper. Please report this"));
        }
    }

    @Test
    void classOfAnotherStructureIsRefused() {
        assertThrows(ReflectiveOperationException.class, () -> new TomcatPath(Session.class));
        assertThrows(ReflectiveOperationException.class, () -> new JettyPath(Session.class));
        assertThrows(ReflectiveOperationException.class, () -> new UndertowPath(Session.class));
    }
}
