package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import dev.fanfare.Message;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What containers do to a sender, some of it never on demand: so the remote is Mockito's. */
final class PortableSenderTest {

    private static final SendResult OK = new SendResult();

    /** How the container treats a message. */
    private interface Reaction {
        void to(Object message, SendHandler handler);
    }

    private final List<Object> sent = new CopyOnWriteArrayList<>();
    private final AtomicBoolean warned = new AtomicBoolean();
    private final Outcome outcome = new Outcome();

    private PortableSender sender(Reaction reaction) {
        RemoteEndpoint.Async remote =
                mock(RemoteEndpoint.Async.class, withSettings().stubOnly());
        doAnswer(call -> {
                    sent.add(call.getArgument(0));
                    reaction.to(call.getArgument(0), call.getArgument(1));
                    return null;
                })
                .when(remote)
                .sendText(any(), any(SendHandler.class));
        doAnswer(call -> {
                    sent.add(call.getArgument(0));
                    reaction.to(call.getArgument(0), call.getArgument(1));
                    return null;
                })
                .when(remote)
                .sendBinary(any(), any(SendHandler.class));
        return new PortableSender(remote, warned);
    }

    @Test
    void messagesLeaveOneAfterTheOther() {
        List<SendHandler> handlers = new ArrayList<>();
        PortableSender sender = sender((message, handler) -> handlers.add(handler));
        sender.send(Runs.ofTexts("a", "b"), outcome);
        assertEquals(List.of("a"), sent);
        handlers.get(0).onResult(OK);
        assertEquals(List.of("a", "b"), sent);
        assertEquals(List.of(), outcome.told);
        handlers.get(1).onResult(OK);
        assertEquals(List.of("done"), outcome.told);
        assertEquals(2, outcome.progress.get());
    }

    @Test
    void stackDoesNotGrowWhenTheContainerCompletesWithinTheCall() {
        PortableSender sender = sender((message, handler) -> handler.onResult(OK));
        String[] texts = IntStream.range(0, 20_000).mapToObj(i -> "m" + i).toArray(String[]::new);
        sender.send(Runs.ofTexts(texts), outcome);
        assertEquals(List.of(texts), sent);
        assertEquals(List.of("done"), outcome.told);
    }

    @Test
    void orderHoldsWhenTheContainerCompletesOnOtherThreads() {
        PortableSender sender =
                sender((message, handler) -> ForkJoinPool.commonPool().execute(() -> handler.onResult(OK)));
        String[] texts = IntStream.range(0, 20_000).mapToObj(i -> "m" + i).toArray(String[]::new);
        sender.send(Runs.ofTexts(texts), outcome);
        Await.until("the run is done", () -> !outcome.told.isEmpty());
        assertEquals(List.of(texts), sent);
        assertEquals(List.of("done"), outcome.told);
    }

    @Test
    void handlerThatIsNeverCalledLeavesTheRunOpen() {
        sender((message, handler) -> {}).send(Runs.ofTexts("a", "b"), outcome);
        assertEquals(List.of("a"), sent);
        assertEquals(List.of(), outcome.told);
    }

    @Test
    void handlerThatIsCalledTwiceCountsOnce() {
        PortableSender sender = sender((message, handler) -> {
            handler.onResult(OK);
            handler.onResult(OK);
            handler.onResult(new SendResult(new IOException("late")));
        });
        sender.send(Runs.ofTexts("a", "b", "c"), outcome);
        assertEquals(List.of("a", "b", "c"), sent);
        assertEquals(List.of("done"), outcome.told);
    }

    @Test
    void failedSendEndsTheRun() {
        PortableSender sender = sender((message, handler) -> handler.onResult(new SendResult(new IOException("gone"))));
        sender.send(Runs.ofTexts("a", "b"), outcome);
        assertEquals(List.of("a"), sent);
        assertEquals(List.of("failed: gone"), outcome.told);
    }

    @Test
    void throwThatFollowsAFailureCountsOnce() {
        PortableSender sender = sender((message, handler) -> {
            handler.onResult(new SendResult(new IOException("gone")));
            throw new IllegalStateException("and closed");
        });
        sender.send(Runs.ofTexts("a"), outcome);
        assertEquals(List.of("failed: gone"), outcome.told);
    }

    @Test
    void throwIsAFailedSend() {
        PortableSender sender = sender((message, handler) -> {
            throw new IllegalStateException("Message will not be sent because the WebSocket session has been closed");
        });
        sender.send(Runs.ofTexts("a"), outcome);
        assertEquals(
                List.of("failed: Message will not be sent because the WebSocket session has been closed"),
                outcome.told);
    }

    @Test
    void applicationThatIsWritingMakesTheSessionBusyAndIsToldOnce() {
        List<String> warnings = warnings(() -> {
            PortableSender sender = sender((message, handler) -> {
                if (message.equals("c")) {
                    throw new IllegalStateException("The remote endpoint was in state [TEXT_FULL_WRITING] which is…");
                }
                handler.onResult(OK);
            });
            sender.send(Runs.ofTexts("a", "b", "c", "d"), outcome);
            sender.send(Runs.ofTexts("c", "d"), outcome);
        });
        assertEquals(List.of("a", "b", "c", "c"), sent);
        assertEquals(List.of("busy after 2", "busy after 0"), outcome.told);
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("hub.send(session, ...)"), warnings.get(0));
    }

    @Test
    void containersThatFailTheHandlerOfAnOverlappingSendAreBusyToo() {
        for (String words : new String[] {
            "SRVE8115W: write not allowed. Most likely cause is that another Write ...",
            "Cannot start TEXT message when BINARY message is not complete yet",
            "DataFrame before fin==true"
        }) {
            var told = new Outcome();
            sender((message, handler) -> handler.onResult(new SendResult(new IOException(words))))
                    .send(Runs.ofTexts("a"), told);
            assertEquals(List.of("busy after 0"), told.told);
        }
    }

    @Test
    void everySendHasABufferOfItsOwnThatMayBeWrittenTo() {
        PortableSender sender = sender((message, handler) -> {
            var buffer = (ByteBuffer) message;
            assertFalse(buffer.isReadOnly());
            buffer.position(buffer.limit());
            handler.onResult(OK);
        });
        Message message = Message.binary(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        sender.send(Runs.of(message, message), outcome);
        assertEquals(List.of("done"), outcome.told);
        assertEquals(3, ((ByteBuffer) sent.get(1)).flip().remaining());
    }

    private static List<String> warnings(Runnable run) {
        List<String> warnings = new CopyOnWriteArrayList<>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                warnings.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(PortableSender.class.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            run.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return warnings;
    }
}
