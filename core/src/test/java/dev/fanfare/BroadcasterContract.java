package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every broadcaster promises, whatever carries its messages. */
public abstract class BroadcasterContract {

    private static final AtomicInteger CHANNELS = new AtomicInteger();

    private final List<Broadcaster> open = new ArrayList<>();

    /** Broadcasters on one carrier, not started; the contract closes them. */
    protected abstract List<? extends Broadcaster> nodes(int count);

    /** A name that no other test uses, also not on a carrier that outlives this JVM. */
    protected static String channel() {
        return "contract-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + "-" + CHANNELS.incrementAndGet();
    }

    @AfterEach
    void everyThreadEnds() {
        open.forEach(Broadcaster::close);
        Await.until("no thread of a broadcaster is left", () -> threads().isEmpty());
    }

    /** The names of the threads of all broadcasters in this JVM. */
    protected static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fanfare-"))
                .sorted()
                .toList();
    }

    /** Started and live. */
    private List<Node> live(int count) {
        List<Node> nodes = new ArrayList<>();
        for (var broadcaster : nodes(count)) {
            open.add(broadcaster);
            nodes.add(Node.start(broadcaster));
        }
        nodes.forEach(Node::awaitLive);
        return nodes;
    }

    @Test
    void messagesOfOneThreadArriveInItsOrder() {
        var nodes = live(2);
        var channel = channel();
        nodes.get(1).join(channel);
        var sent = IntStream.range(0, 5_000).mapToObj(Integer::toString).toList();
        sent.forEach(text -> nodes.get(0).publish(channel, text));
        nodes.get(1).awaitTexts(channel, 5_000);
        assertEquals(sent, nodes.get(1).texts(channel));
    }

    @Test
    void everyNodeSeesTheMessagesOfAllPublishersInOneOrder() throws InterruptedException {
        var nodes = live(3);
        var channel = channel();
        nodes.forEach(node -> node.join(channel));
        int publishers = 6;
        int each = 500;
        var threads = IntStream.range(0, publishers)
                .mapToObj(p -> new Thread(() -> IntStream.range(0, each)
                        .forEach(n -> nodes.get(p % nodes.size()).publish(channel, p + ":" + n))))
                .toList();
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }
        nodes.forEach(node -> node.awaitTexts(channel, publishers * each));
        var order = nodes.get(0).texts(channel);
        nodes.forEach(node -> assertEquals(order, node.texts(channel)));
        for (int p = 0; p < publishers; p++) {
            var own = p + ":";
            assertEquals(
                    IntStream.range(0, each).mapToObj(n -> own + n).toList(),
                    order.stream().filter(text -> text.startsWith(own)).toList());
        }
    }

    @Test
    void whatIsPublishedAfterTheConfirmationArrives() {
        var nodes = live(2);
        for (int i = 0; i < 1_000; i++) {
            var channel = channel();
            nodes.get(0).join(channel);
            var receipt = nodes.get(i % 2).publish(channel, "hello").join();
            assertEquals(1, receipt.receivers());
            nodes.get(0).awaitTexts(channel, 1);
        }
    }

    @Test
    void aChannelLeftAndJoinedAgainReceivesEveryMessageAfterEachConfirmation() {
        var nodes = live(2);
        var channel = channel();
        var receiver = nodes.get(0);
        int expected = 0;
        for (int round = 0; round < 300; round++) {
            for (int flap = 0; flap < round % 4; flap++) {
                receiver.broadcaster.subscribe(channel);
                receiver.broadcaster.unsubscribe(channel);
            }
            receiver.join(channel);
            nodes.get(1).publish(channel, Integer.toString(expected)).join();
            expected++;
            receiver.awaitTexts(channel, expected);
            receiver.broadcaster.unsubscribe(channel);
        }
        assertEquals(IntStream.range(0, expected).mapToObj(Integer::toString).toList(), receiver.texts(channel));
    }

    @Test
    void channelsThatComeAndGoDoNotDisturbOneThatStays() throws InterruptedException {
        var nodes = live(2);
        var stays = channel();
        nodes.get(0).join(stays);
        var flapping = new Thread(() -> {
            for (int i = 0; i < 2_000; i++) {
                var channel = "flap-" + stays + i % 7;
                nodes.get(0).broadcaster.subscribe(channel);
                nodes.get(0).broadcaster.unsubscribe(channel);
            }
        });
        flapping.start();
        var sent = IntStream.range(0, 2_000).mapToObj(Integer::toString).toList();
        sent.forEach(text -> nodes.get(1).publish(stays, text));
        flapping.join();
        nodes.get(0).awaitTexts(stays, sent.size());
        assertEquals(sent, nodes.get(0).texts(stays));
    }

    @Test
    void payloadsArriveAsTheyLeft() {
        var nodes = live(2);
        var channel = channel();
        nodes.get(0).join(channel);
        var all = new Message.Attributes("id", "ключ", "session-1", "00-trace-01", Instant.ofEpochMilli(1_234_567));
        var sent = List.<Message>of(
                Message.text(""),
                Message.text("plain"),
                Message.text("four bytes: \uD83C\uDFBA, replacement: \uFFFD, nul: \0"),
                Message.text("x".repeat(1 << 20)),
                Message.text("with attributes").with(all),
                Message.text("").with(Message.Attributes.key("k")),
                Message.binary(ByteBuffer.allocate(0)),
                Message.binary(ByteBuffer.wrap(new byte[] {(byte) 0xFF, 'F', 'A', 'N', 1, 1, 0})),
                Message.binary(ByteBuffer.allocate(1 << 20)),
                Message.binary(ByteBuffer.wrap(new byte[] {(byte) 0xC3, 0x28})).with(all));
        sent.forEach(
                message -> nodes.get(1).broadcaster.publish(channel, message).join());
        nodes.get(0).awaitTexts(channel, sent.size());
        var received = List.copyOf(nodes.get(0).messages(channel));
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(sent.get(i).getClass(), received.get(i).getClass());
            assertArrayEquals(sent.get(i).bytes(), received.get(i).bytes());
            assertEquals(sent.get(i).attributes(), received.get(i).attributes());
        }
    }

    @Test
    void aReceiverMayPublishAndSubscribe() {
        var broadcasters = nodes(2);
        open.addAll(broadcasters);
        var channel = channel();
        var echo = channel();
        var node = Node.start(broadcasters.get(0));
        var answering = new Node(broadcasters.get(1)) {
            @Override
            public void message(String on, Message message, @Nullable Position position) {
                super.message(on, message, position);
                broadcaster.subscribe(channel + "-more");
                broadcaster.publish(echo, message);
            }
        };
        answering.broadcaster.start(answering);
        answering.join(channel);
        node.join(echo);
        IntStream.range(0, 100).forEach(n -> node.publish(channel, Integer.toString(n)));
        node.awaitTexts(echo, 100);
        assertEquals(IntStream.range(0, 100).mapToObj(Integer::toString).toList(), node.texts(echo));
    }

    @Test
    void aNodeThatDidNotAskReceivesNothing() {
        var nodes = live(2);
        var channel = channel();
        nodes.get(0).join(channel);
        assertEquals(1, nodes.get(1).publish(channel, "for one").join().receivers());
        nodes.get(0).awaitTexts(channel, 1);
        assertTrue(nodes.get(1).messages(channel).isEmpty());
    }

    @Test
    void nobodyThereIsNoFailure() {
        var nodes = live(1);
        assertEquals(0, nodes.get(0).publish(channel(), "into the void").join().receivers());
    }

    @Test
    void subscribingToWhatIsSubscribedIsConfirmedAtOnce() {
        var nodes = live(1);
        var channel = channel();
        nodes.get(0).join(channel);
        assertTrue(nodes.get(0).broadcaster.subscribe(channel).isDone());
    }

    @Test
    void oneBroadcasterServesOneHub() {
        var nodes = live(1);
        assertThrows(IllegalStateException.class, () -> nodes.get(0).broadcaster.start(nodes.get(0)));
    }

    @Test
    void whatWasPublishedBeforeCloseArrivesAndTheOthersGoOn() {
        var nodes = live(3);
        var channel = channel();
        nodes.forEach(node -> node.join(channel));
        var receipts = IntStream.range(0, 1_000)
                .mapToObj(n -> nodes.get(0).publish(channel, Integer.toString(n)))
                .toList();
        nodes.get(0).broadcaster.close();
        nodes.get(0).broadcaster.close();
        receipts.forEach(receipt -> assertFalse(receipt.isCompletedExceptionally()));
        nodes.get(1).publish(channel, "after").join();
        nodes.get(2).awaitTexts(channel, 1_001);
        assertEquals("after", nodes.get(2).texts(channel).get(1_000));
    }

    /** One node's receiver, which keeps everything it is told. */
    public static class Node implements Receiver {
        public final Broadcaster broadcaster;
        public final List<Broadcaster.State> states = new CopyOnWriteArrayList<>();
        public final List<BroadcastException> causes = new CopyOnWriteArrayList<>();
        public final List<Gap> gaps = new CopyOnWriteArrayList<>();
        public final ConcurrentMap<String, Long> uncertain = new ConcurrentHashMap<>();
        public final List<String> unreadable = new CopyOnWriteArrayList<>();
        private final ConcurrentMap<String, Queue<Message>> messages = new ConcurrentHashMap<>();
        private final ConcurrentMap<String, AtomicInteger> counts = new ConcurrentHashMap<>();

        public Node(Broadcaster broadcaster) {
            this.broadcaster = broadcaster;
        }

        public static Node start(Broadcaster broadcaster) {
            var node = new Node(broadcaster);
            broadcaster.start(node);
            return node;
        }

        public void awaitLive() {
            Await.until("live, now " + states, () -> live());
        }

        public boolean live() {
            return !states.isEmpty() && states.get(states.size() - 1) == Broadcaster.State.LIVE;
        }

        public void join(String channel) {
            try {
                broadcaster.subscribe(channel).get(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("subscribe " + channel, e);
            }
        }

        public CompletableFuture<Receipt> publish(String channel, String text) {
            return broadcaster.publish(channel, Message.text(text));
        }

        public Queue<Message> messages(String channel) {
            return messages.computeIfAbsent(channel, c -> new ConcurrentLinkedQueue<>());
        }

        public List<String> texts(String channel) {
            return messages(channel).stream()
                    .map(message ->
                            assertInstanceOf(Message.Text.class, message).text())
                    .toList();
        }

        /** Waits for {@code count} messages, of any kind. */
        public void awaitTexts(String channel, int count) {
            var counter = counts.computeIfAbsent(channel, c -> new AtomicInteger());
            Await.until(count + " messages on " + channel, () -> counter.get() >= count);
            assertEquals(count, counter.get());
        }

        @Override
        public void message(String channel, Message message, @Nullable Position position) {
            messages(channel).add(message);
            counts.computeIfAbsent(channel, c -> new AtomicInteger()).incrementAndGet();
        }

        @Override
        public void gap(Gap gap) {
            gaps.add(gap);
        }

        @Override
        public void uncertain(String channel, long messages, Instant from, Instant to) {
            uncertain.merge(channel, messages, Long::sum);
        }

        @Override
        public void unreadable(String channel, String reason) {
            unreadable.add(channel + ": " + reason);
        }

        @Override
        public void state(Broadcaster.State state, @Nullable BroadcastException cause) {
            if (cause != null) {
                causes.add(cause);
            }
            states.add(state);
        }
    }
}
