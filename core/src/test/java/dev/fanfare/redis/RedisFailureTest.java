package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster.State;
import dev.fanfare.BroadcasterContract.Node;
import dev.fanfare.Gap;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Redis and the network fail in every way that a single server can. */
class RedisFailureTest extends OwnRedis {

    @Test
    void aRedisThatIsDownAtTheStartIsWaitedFor() {
        redis.kill();
        var node = node(quick(redis.port()));
        var join = node.broadcaster.subscribe("chat");
        var publish = node.publish("chat", "too early");
        Await.until("an explanation", () -> !node.causes.isEmpty());
        var cause = node.causes.get(0);
        assertEquals(BroadcastException.class, cause.getClass());
        assertSays("redis://127.0.0.1:" + redis.port() + " cannot be reached since 2", cause);
        assertSays("Connection refused", cause);
        assertEquals(BroadcastException.class, failure(publish).getClass());
        assertFalse(join.isDone());
        redis.restart();
        join.join();
        node.awaitLive();
        node.publish("chat", "hello").join();
        node.awaitTexts("chat", 1);
        assertEquals(List.of(), node.gaps);
        assertEquals(State.CONNECTING, node.states.get(0));
        assertEquals(State.DOWN, node.states.get(1));
        assertEquals(State.BACKOFF, node.states.get(2));
    }

    @Test
    void aCrashAndRestartIsAGapOfTheChannelsThatWereConfirmed() {
        var node = node(quick(redis.port()).linger(Duration.ofMinutes(1)).publishTimeout(Duration.ofSeconds(5)));
        node.join("stays");
        node.join("lingers");
        node.broadcaster.unsubscribe("lingers");
        node.publish("stays", "before").join();
        node.awaitTexts("stays", 1);
        var before = Instant.now();
        redis.kill();
        awaitDown(node);
        var joined = node.broadcaster.subscribe("joined while down");
        redis.restart();
        awaitLiveAgain(node);
        joined.join();
        assertEquals(List.of("stays"), node.gaps.stream().map(Gap::channel).toList());
        var gap = node.gaps.get(0);
        assertEquals(Gap.Reason.RECONNECT, gap.reason());
        assertFalse(gap.from().isAfter(before), gap::toString);
        assertFalse(gap.to().isBefore(before.minusMillis(1)), gap::toString);
        Await.until("published again", () -> published(node.publish("stays", "after")));
        Await.until("delivered again", () -> node.texts("stays").contains("after"));
        assertEquals(
                "0",
                redis.command("PUBSUB", "NUMSUB", "lingers")
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow());
    }

    /** Two threads notice the end: the one that only follows the other knows no reason. */
    @Test
    void aPublishThatFailsSaysWhatEndedTheConnection() {
        var node = node(quick(redis.port()));
        node.join("chat");
        for (int round = 0; round < 5; round++) {
            Await.until("published", () -> published(node.publish("chat", "arrives")));
            redis.kill();
            Await.until("down", () -> !node.live());
            var failure = failure(node.publish("chat", "does not"));
            assertFalse(String.valueOf(failure.getMessage()).contains(": closed"), failure::toString);
            redis.restart();
            Await.until("live", node::live);
        }
    }

    @Test
    void aSecondCrashIsASecondGapAndOneThatWasLeftMeanwhileIsNone() {
        var node = node(quick(redis.port()));
        node.join("stays");
        node.join("left");
        redis.restart();
        awaitLiveAgain(node);
        assertEquals(2, node.gaps.size());
        redis.kill();
        Await.until("down", () -> !node.live());
        node.broadcaster.unsubscribe("left");
        redis.restart();
        Await.until("live", node::live);
        node.join("left");
        assertEquals(
                List.of("stays"),
                node.gaps.subList(2, node.gaps.size()).stream()
                        .map(Gap::channel)
                        .toList());
    }

    @Test
    void theGapComesBeforeTheMessagesThatFollowIt() {
        var order = new ArrayList<String>();
        var broadcaster = quick(redis.port()).build();
        opened.add(broadcaster);
        var node = new Node(broadcaster) {
            @Override
            public void message(String channel, Message message, @Nullable Position position) {
                synchronized (order) {
                    order.add("message");
                }
                super.message(channel, message, position);
            }

            @Override
            public void gap(Gap gap) {
                synchronized (order) {
                    order.add("gap");
                }
                super.gap(gap);
            }
        };
        broadcaster.start(node);
        node.join("chat");
        var publisher = node(quick(redis.port()));
        publisher.publish("chat", "first").join();
        node.awaitTexts("chat", 1);
        for (int round = 0; round < 5; round++) {
            synchronized (order) {
                order.clear();
            }
            redis.command("CLIENT", "KILL", "TYPE", "pubsub");
            Await.until("delivered", () -> {
                publisher.publish("chat", "again");
                synchronized (order) {
                    return order.contains("gap") && order.contains("message");
                }
            });
        }
        assertEquals(5, node.gaps.size());
    }

    @Test
    void killedSubscribersComeBack() {
        var node = node(quick(redis.port()));
        node.join("chat");
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
        awaitLiveAgain(node);
        assertEquals(1, node.publish("chat", "hello").join().receivers());
        node.awaitTexts("chat", 1);
        assertEquals(1, node.gaps.size());
    }

    @Test
    void aKilledPublisherComesBackAndItsPredecessorIsKilledFirst() {
        var node = node(quick(redis.port()));
        node.join("chat");
        node.publish("chat", "0").join();
        for (int round = 1; round <= 5; round++) {
            redis.command("CLIENT", "KILL", "TYPE", "normal");
            var text = Integer.toString(round);
            Await.until("published", () -> published(node.publish("chat", text)));
        }
        Await.until("delivered", () -> node.texts("chat").contains("5"));
        assertEquals(List.of(), node.gaps);
        var distinct = node.texts("chat").stream().distinct().toList();
        assertEquals(List.of("0", "1", "2", "3", "4", "5"), distinct);
        assertTrue(redis.command("INFO", "commandstats").contains("cmdstat_client|kill:calls=10,"));
    }

    @Test
    void aFrozenRedisIsNoticedAndItsUnansweredMessagesAreUnknown() {
        var node = node(sensitive(redis.port()));
        node.join("chat");
        node.publish("chat", "before").join();
        redis.pause();
        var publish = node.publish("chat", "into the ice");
        assertInstanceOf(BroadcastException.UnknownOutcome.class, failure(publish));
        var waiting = node.publish("chat", "never written");
        awaitDown(node);
        assertEquals(BroadcastException.class, failure(waiting).getClass());
        redis.resume();
        awaitLiveAgain(node);
        Await.until("published", () -> published(node.publish("chat", "after")));
        Await.until("delivered", () -> node.texts("chat").contains("after"));
        assertFalse(node.texts("chat").contains("never written"));
        assertTrue(node.texts("chat").stream().filter("into the ice"::equals).count() <= 1);
    }

    @Test
    void aCutCableIsNoticed() {
        var proxy = proxy();
        var node = node(sensitive(proxy.port()));
        node.join("chat");
        node.publish("chat", "before").join();
        proxy.stall();
        awaitDown(node);
        proxy.cut();
        proxy.resume();
        awaitLiveAgain(node);
        assertFalse(node.gaps.isEmpty());
        Await.until("published", () -> published(node.publish("chat", "after")));
    }

    @Test
    void aLinkThatIsDeadInOneDirectionOnlyIsNoticedWhileMessagesKeepComing() {
        var proxy = proxy();
        var node = node(sensitive(proxy.port()));
        node.join("chat");
        proxy.stallToServer();
        Await.until("down", () -> {
            redis.command("PUBLISH", "chat", "still coming");
            return node.states.contains(State.DOWN);
        });
        assertSays("no answer in time", node.causes.get(0));
        proxy.cut();
        proxy.resume();
        awaitLiveAgain(node);
    }

    @Test
    void aPublisherThatIsNotAnsweredIsReplacedAndItsOldConnectionKilled() {
        var proxy = proxy();
        var node = node(sensitive(proxy.port()));
        node.publish("chat", "before").join();
        proxy.strand();
        var stranded = node.publish("chat", "stranded");
        assertInstanceOf(BroadcastException.UnknownOutcome.class, failure(stranded));
        Await.until(
                "published on a new connection",
                () -> !node.publish("chat", "after")
                        .handle((receipt, failure) -> failure != null)
                        .join());
        assertEquals(
                1,
                redis.command("CLIENT", "LIST")
                        .lines()
                        .filter(client -> client.contains("cmd=publish"))
                        .count());
    }

    @Test
    void afterARestartNobodyElseIsKilledInsteadOfThePredecessor() {
        var proxy = proxy();
        var node = node(quick(proxy.port()));
        node.publish("chat", "before").join();
        proxy.refuse();
        proxy.cut();
        redis.restart();
        List<RawRedis> others = new ArrayList<>();
        for (int n = 0; n < 30; n++) {
            // They have the numbers that the broadcaster's connections had before.
            var other = RawRedis.connect("127.0.0.1", redis.port());
            opened.add(other);
            others.add(other);
        }
        proxy.accept();
        Await.until(
                "published",
                () -> !node.publish("chat", "after")
                        .handle((receipt, failure) -> failure != null)
                        .join());
        others.forEach(other -> assertEquals("PONG", other.command("PING")));
    }

    @Test
    void closingDuringAnOutageCancelsWhatWaitsAndReturns() {
        redis.kill();
        var node = node(quick(redis.port()).publishTimeout(Duration.ofMinutes(1)));
        var join = node.broadcaster.subscribe("chat");
        var publish = node.publish("chat", "never");
        node.broadcaster.close();
        assertTrue(join.isCancelled());
        assertEquals(BroadcastException.class, failure(publish).getClass());
        assertTrue(node.publish("chat", "closed").isCompletedExceptionally());
        assertTrue(node.broadcaster.subscribe("chat").isCancelled());
        assertEquals(State.CLOSED, node.states.get(node.states.size() - 1));
    }

    @Test
    void leavingCancelsAPendingSubscription() {
        redis.kill();
        var node = node(quick(redis.port()));
        var left = node.broadcaster.subscribe("left");
        var stays = node.broadcaster.subscribe("stays");
        node.broadcaster.unsubscribe("left");
        assertTrue(left.isCancelled());
        redis.restart();
        stays.join();
        assertEquals("stays", redis.command("PUBSUB", "CHANNELS", "[ls]*"));
    }

    @Test
    void aChannelThatWasLeftIsGivenUpAfterAWhileAndNothingIsLeftAfterClose() {
        var node = node(quick(redis.port()));
        node.join("chat");
        node.broadcaster.unsubscribe("chat");
        Await.until(
                "unsubscribed",
                () -> redis.command("PUBSUB", "CHANNELS", "chat").isEmpty());
        assertEquals("\u0001nodes", redis.command("PUBSUB", "CHANNELS"));
        node.publish("chat", "nobody").join();
        node.broadcaster.close();
        Await.until(
                "no connection is left",
                () -> redis.command("CLIENT", "LIST").lines().count() == 1);
    }
}
