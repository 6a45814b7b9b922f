package dev.fanfare.jakarta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Message;
import dev.fanfare.Run;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.WebSocketClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client sees of the runs and pings that the hub's port to it is given, on every container and by every way of sending, over
 * real sockets. Ends of sessions are in {@link ClientSessionEndContract}.
 */
abstract class ClientSessionContract extends TwoNodes {

    private static final int MIB = 1 << 20;
    private static final int CHAIN = 20_000;
    /** No way from a thread's start to a completion is this deep, and no container could recurse so often within it. */
    private static final int DEPTH = 500;

    ClientSessionContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    /** Messages of both kinds in turn, each of which differs from all others. */
    private static Run mixed(int count, int bytes) {
        return Runs.of(IntStream.range(0, count)
                .mapToObj(i -> labelled("x".repeat(bytes / 2), i))
                .toArray(Message[]::new));
    }

    private static int depth() {
        return StackWalker.getInstance()
                .walk(frames -> frames.mapToInt(frame -> 1).sum());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1_000})
    void runOfTextsAndBinariesArrivesInItsOrder(int messages) {
        try (var line = line(a, "run" + messages)) {
            for (Run run : List.of(mixed(messages, 100), mixed(messages, 7))) {
                line.begin(run);
                line.receives(run);
                Await.until("it left", () -> line.outcome().told.remove("done"));
            }
            assertEquals(List.of(), line.outcome().told);
            if (sender() == PortableSender.class) {
                assertEquals(2 * messages, line.outcome().progress.get(), "each message is progress");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 8_192, 8_193, 65_535, 65_536, MIB})
    void messagesOfAnyLengthArriveWhole(int bytes) {
        var random = new byte[bytes];
        new Random(bytes).nextBytes(random);
        Run run =
                Runs.of(Message.text("x".repeat(bytes)), Message.binary(ByteBuffer.wrap(random)), Message.text("end"));
        try (var line = line(a, "length" + bytes)) {
            line.begin(run);
            line.receives(run);
            run.messages().forEach(message -> {
                int kind = message instanceof Message.Text ? WebSocketClient.TEXT : WebSocketClient.BINARY;
                line.client().sendFrame(kind, true, message.buffer().array());
            });
            line.receives(run);
        }
    }

    @Test
    void characterOfFourBytesArrivesWholeWhereverAFrameIsCut() {
        try (var line = line(a, "emoji")) {
            for (String before : List.of("", "a", "é", "€")) {
                Run run = Runs.ofTexts(before + "😀".repeat(40_000), "😀".repeat(MIB / 4), before + "😀");
                line.begin(run);
                line.receives(run);
                Await.until("it left", () -> line.outcome().told.remove("done"));
            }
        }
    }

    @Test
    void fragmentsOfTheClientArriveAsOneMessageWhereverTheyAreCut() {
        try (var line = line(a, "fragments")) {
            byte[] text = "a😀é€".getBytes(UTF_8);
            for (int cut = 0; cut <= text.length; cut++) {
                var first = ByteBuffer.wrap(text, 0, cut);
                var rest = ByteBuffer.wrap(text, cut, text.length - cut);
                for (int kind : new int[] {WebSocketClient.TEXT, WebSocketClient.BINARY}) {
                    line.client().sendFrame(kind, false, bytes(first.duplicate()));
                    line.client().ping("cut at " + cut);
                    line.client().sendFrame(WebSocketClient.CONTINUATION, false, new byte[0]);
                    line.client().sendFrame(WebSocketClient.CONTINUATION, true, bytes(rest.duplicate()));
                    var pong = line.client().next();
                    assertEquals(WebSocketClient.PONG, pong.opcode());
                    assertEquals("cut at " + cut, new String(pong.payload(), UTF_8));
                    Message whole = kind == WebSocketClient.TEXT
                            ? Message.text(new String(text, UTF_8))
                            : Message.binary(ByteBuffer.wrap(text));
                    Line.assertIs(whole, line.client().next());
                }
            }
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void partOfARunIsWhatASessionGetsThatShallNotHaveTheRest() {
        Run run = mixed(10, 50);
        try (var line = line(a, "part")) {
            for (Run part : List.of(run.slice(2, 5), run.slice(9, 10), run.slice(0, 10))) {
                line.send(part);
                line.receives(part);
            }
        }
    }

    @Test
    void sessionsThatAreExceptedGetTheOtherMessagesOfARun() {
        try (var second = line(a, "except");
                var first = joined(a, "/chat/except")) {
            int messages = 2_000;
            String id = second.session().id();
            List<String> all =
                    IntStream.range(0, messages).mapToObj(i -> "m" + i).toList();
            List<String> others =
                    all.stream().filter(text -> !text.endsWith("7")).toList();
            for (String text : all) {
                var message = Message.text(text);
                boolean excepted = text.endsWith("7");
                b.hub().broadcast("except", excepted ? message.with(Message.Attributes.exceptSession(id)) : message);
            }
            assertEquals(all, first.texts(messages));
            assertEquals(others, second.client().texts(others.size()));
        }
    }

    @Test
    void twentyThousandMessagesOfARunDoNotGrowTheStack() {
        Run run = Runs.of(
                IntStream.range(0, CHAIN).mapToObj(i -> Message.text("m" + i)).toArray(Message[]::new));
        var deepest = new AtomicInteger();
        var done = new CompletableFuture<String>();
        try (var line = line(a, "deep")) {
            line.session().send(run, new Completion() {
                private int left;

                @Override
                public void progress() {
                    if (left++ % 100 == 0) {
                        deepest.accumulateAndGet(depth(), Math::max);
                    }
                }

                @Override
                public void done() {
                    deepest.accumulateAndGet(depth(), Math::max);
                    done.complete("done");
                }

                @Override
                public void busy(int sent) {
                    done.complete("busy");
                }

                @Override
                public void failed(Throwable cause) {
                    done.completeExceptionally(cause);
                }
            });
            line.receives(run);
            assertEquals("done", done.join());
            assertTrue(deepest.get() > 0 && deepest.get() < DEPTH, () -> "the stack was " + deepest + " deep");
        }
    }

    @Test
    void twentyThousandSendsEachFromTheCompletionOfTheOneBeforeDoNotGrowTheStack() {
        try (var node = node(bus.peer(), options -> options.executor(Runnable::run));
                var line = line(node, "chain")) {
            var session = held.get("chain");
            var deepest = new AtomicInteger();
            var last = new CompletableFuture<Integer>();
            var next = new Object() {
                void send(int i) {
                    if (i == CHAIN) {
                        last.complete(i);
                        return;
                    }
                    node.hub().send(session, "c" + i).whenComplete((sent, failure) -> {
                        deepest.accumulateAndGet(i % 100 == 0 ? depth() : 0, Math::max);
                        if (failure != null) {
                            last.completeExceptionally(failure);
                        } else {
                            send(i + 1);
                        }
                    });
                }
            };
            next.send(0);
            for (int i = 0; i < CHAIN; i++) {
                assertEquals("c" + i, line.client().next().text());
            }
            assertEquals(CHAIN, last.join());
            assertTrue(deepest.get() > 0 && deepest.get() < DEPTH, () -> "the stack was " + deepest + " deep");
        }
    }

    @Test
    void overlappingSendsAndBroadcastsOfManyThreadsArriveWholeAndInTheOrderOfEachThread() {
        int threads = 8;
        int each = 500;
        try (var line = line(a, "overlap")) {
            var session = held.get("overlap");
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                String name = (thread % 2 == 0 ? "sent" : "broadcast") + "-".repeat(300) + thread;
                Consumer<Message> send = thread % 2 == 0
                        ? message -> a.hub().send(session, message)
                        : message -> b.hub().broadcast("overlap", message);
                senders.add(CompletableFuture.runAsync(
                        () -> IntStream.range(0, each).forEach(i -> send.accept(labelled(name, i)))));
            }
            Map<String, Integer> next = new HashMap<>();
            for (int i = 0; i < threads * each; i++) {
                var received = line.client().next();
                String name = new String(received.payload(), UTF_8).split(" ", 3)[0];
                Line.assertIs(labelled(name, next.merge(name, 1, Integer::sum) - 1), received);
            }
            senders.forEach(CompletableFuture::join);
            assertEquals(threads, next.size());
        }
    }

    /** Whose payload says what all of it must be. */
    private static Message labelled(String name, int i) {
        String text = name + " " + i + " " + name.repeat(i % 3);
        return i % 3 == 0 ? Message.binary(ByteBuffer.wrap(text.getBytes(UTF_8))) : Message.text(text);
    }

    @Test
    void pingsOfTheClientAreAnsweredDuringALongRunAndBreakNoMessage() {
        Run run = mixed(2_000, 5_000);
        try (var line = line(a, "pinging")) {
            line.begin(run);
            var left = new ArrayList<>(run.messages());
            for (int ping = 0; ping < 50; ping++) {
                String payload = "ping " + "p".repeat(ping * 2);
                line.client().ping(payload);
                var received = line.client().next();
                while (received.opcode() != WebSocketClient.PONG) {
                    Line.assertIs(left.remove(0), received);
                    received = line.client().next();
                }
                assertEquals(payload, new String(received.payload(), UTF_8));
            }
            line.receives(left);
            Await.until("it left", () -> line.outcome().told.equals(List.of("done")));
        }
    }

    @Test
    void pingOfTheHubComesBetweenRunsAndOneOfTheApplicationWithinBreakNoMessage() throws IOException {
        Run run = mixed(500, 2_000);
        try (var line = line(a, "pinged")) {
            line.send(Runs.ofTexts("before"));
            line.session().ping();
            line.begin(run);
            line.receives(Runs.ofTexts("before"));
            assertEquals(WebSocketClient.PING, line.client().nextUnanswered().opcode());
            var pings = CompletableFuture.runAsync(
                    () -> Stream.generate(() -> line.session()).limit(50).forEach(JakartaSession::ping));
            line.receives(run);
            pings.join();
            Await.until("it left", () -> line.outcome().told.equals(List.of("done")));
        }
    }
}
