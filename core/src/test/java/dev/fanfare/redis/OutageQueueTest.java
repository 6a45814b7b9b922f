package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of messages that wait while Redis is down. */
class OutageQueueTest extends OwnRedis {

    @Test
    void whatWaitsDuringAnOutageIsWrittenInItsOrder() {
        var proxy = proxy();
        var receiver = node(quick(redis.port()));
        receiver.join("chat");
        var publisher = node(quick(proxy.port()).publishTimeout(Duration.ofSeconds(10)));
        publisher.publish("chat", "before").join();
        proxy.refuse();
        proxy.cut();
        awaitDown(publisher);
        var receipts = IntStream.range(0, 2_000)
                .mapToObj(n -> publisher.publish("chat", Integer.toString(n)))
                .toList();
        proxy.accept();
        // The publisher may notice the cut only when it writes; of what it then wrote, one batch, nobody knows the
        // outcome.
        int first = 0;
        while (first < 512 && failureOf(receipts.get(first)) instanceof BroadcastException.UnknownOutcome) {
            first++;
        }
        receipts.subList(first, 2_000)
                .forEach(receipt -> assertEquals(1, receipt.join().receivers()));
        receiver.awaitTexts("chat", 2_001 - first);
        assertEquals(
                IntStream.range(first, 2_000).mapToObj(Integer::toString).toList(),
                receiver.texts("chat").subList(1, 2_001 - first));
    }

    @Test
    void aBufferKeepsWhatWasNeverWrittenForItsAgeAndNotForLonger() {
        redis.kill();
        var builder = quick(redis.port()).publishTimeout(Duration.ofMillis(100));
        var failing = node(builder);
        var patient = node(builder.bufferWhileDown(Duration.ofMinutes(1)).publishQueue(3, 1_000));
        var impatient = node(builder.bufferWhileDown(Duration.ofMillis(300)));
        var kept = IntStream.range(0, 3)
                .mapToObj(n -> patient.publish("chat", Integer.toString(n)))
                .toList();
        assertInstanceOf(BroadcastException.QueueFull.class, failure(patient.publish("chat", "too many")));
        assertSays("not published within 100 ms", failure(failing.publish("chat", "fails")));
        assertSays("not published within 300 ms", failure(impatient.publish("chat", "too old")));
        kept.forEach(outcome -> assertFalse(outcome.isDone()));
        redis.restart();
        kept.forEach(outcome -> assertTrue(outcome.join().receivers() >= 0));
    }

    @Test
    void whatWasBufferedIsWrittenBeforeWhatIsNewAndNothingTwice() {
        var proxy = proxy();
        var receiver = node(quick(redis.port()));
        receiver.join("chat");
        var publisher =
                node(quick(proxy.port()).publishTimeout(Duration.ofSeconds(1)).bufferWhileDown(Duration.ofMinutes(1)));
        publisher.publish("chat", "0").join();
        proxy.stallToClient();
        var unanswered = publisher.publish("chat", "1");
        receiver.awaitTexts("chat", 2);
        proxy.refuse();
        proxy.cut();
        assertInstanceOf(BroadcastException.UnknownOutcome.class, failure(unanswered));
        var outcomes = new ArrayList<CompletableFuture<Receipt>>();
        for (int n = 2; n < 500; n++) {
            outcomes.add(publisher.publish("chat", Integer.toString(n)));
        }
        proxy.resume();
        proxy.accept();
        for (int n = 500; n < 1_000; n++) {
            outcomes.add(publisher.publish("chat", Integer.toString(n)));
        }
        outcomes.forEach(outcome -> assertEquals(1, outcome.join().receivers()));
        receiver.awaitTexts("chat", 1_000);
        assertEquals(IntStream.range(0, 1_000).mapToObj(Integer::toString).toList(), receiver.texts("chat"));
    }

    @Test
    void aFullQueueFailsAtOnceAndNamesItsLimits() {
        redis.kill();
        var node = node(quick(redis.port()).publishQueue(10, 1_000));
        var waiting =
                IntStream.range(0, 10).mapToObj(n -> node.publish("c", "m")).toList();
        var tooMany = node.publish("c", "m");
        assertTrue(tooMany.isCompletedExceptionally());
        var failure = assertInstanceOf(BroadcastException.QueueFull.class, failure(tooMany));
        assertSays("the limits are 10 messages and 1000 bytes", failure);
        waiting.forEach(
                future -> assertEquals(BroadcastException.class, failure(future).getClass()));
        var large = node.publish("c", "x".repeat(2_000));
        assertFalse(large.isDone());
        assertInstanceOf(BroadcastException.QueueFull.class, failure(node.publish("c", "y")));
    }

    private static @Nullable Throwable failureOf(CompletableFuture<?> outcome) {
        return outcome.handle((receipt, cause) -> cause).join();
    }
}
