package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.BroadcasterContract.Node;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.fixtures.Await;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user of Redis who may not do all that history needs is told what to add, and destroys nothing. */
class HistoryRightsTest extends OwnHistory {

    private static final String PUB_SUB =
            "+subscribe +unsubscribe +publish +ping +role +client|info +client|kill ~\u0001* &\u0001* &room";

    private void user(String rights) {
        redis.command(("ACL SETUSER app on >secret resetkeys resetchannels -@all " + rights).split(" "));
    }

    private Node node(boolean functions) {
        var builder = kept().uri("redis://app:secret@127.0.0.1:" + redis.port());
        return node(functions ? builder : builder.scriptsOnly());
    }

    private static String without(String... rights) {
        var all = PUB_SUB + " " + Rights.HISTORY;
        for (var right : rights) {
            all = (all + " ").replace(" " + right + " ", " ").strip();
        }
        return all;
    }

    @Test
    void theRightsThatAreDocumentedAreEnough() throws Exception {
        redis.command(DocumentedRightsTest.documented("+xadd"));
        for (boolean functions : new boolean[] {true, false}) {
            var builder = kept().prefix("shop:").uri("redis://app:secret@127.0.0.1:" + redis.port());
            var broadcaster = (RedisBroadcaster) node(functions ? builder : builder.scriptsOnly()).broadcaster;
            var position = say(broadcaster, 1);
            assertEquals(position, after(broadcaster, Position.START, 10).top());
            redis.command("FUNCTION", "FLUSH");
            redis.command("SCRIPT", "FLUSH");
            say(broadcaster, 2);
        }
        assertEquals("", redis.command("ACL", "LOG"), "what Redis refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+time", "+hmget", "+hset", "+xadd", "+pexpire"})
    void whatThePublishingMayNotDoIsNamedAndNothingIsLost(String right) throws Exception {
        var allowed = started();
        say(allowed, 1);
        user(without(right));
        for (boolean functions : new boolean[] {true, false}) {
            redis.command("HSET", META, "kept", ""); // so that it has to do all that it may have to
            var node = node(functions);
            var failure = assertInstanceOf(
                    BroadcastException.Refused.class, failure(node.broadcaster.publish("room", Message.text("no"))));
            assertSays("ACL SETUSER <user> " + right, failure);
        }
        var second = say(allowed, 2);
        var page = after(allowed, Position.START, 10);
        assertTrue(texts(page).containsAll(numbers(1, 2)), page.toString());
        assertEquals(second, page.top());
    }

    @Test
    void aChannelThatIsNotAllowedIsNotKeptEither() throws Exception {
        var allowed = started();
        say(allowed, 1);
        user(without("&room"));
        for (boolean functions : new boolean[] {true, false}) {
            var failure = assertInstanceOf(
                    BroadcastException.Refused.class,
                    failure(node(functions).broadcaster.publish("room", Message.text("no"))));
            assertSays("ACL SETUSER <user> +publish &room", failure);
        }
        assertEquals(numbers(1, 1), texts(after(allowed, Position.START, 10)));
    }

    @Test
    void keysThatAreNotAllowedAreNamed() throws Exception {
        user(without("~\u0001*"));
        for (boolean functions : new boolean[] {true, false}) {
            var node = node(functions);
            assertSays("ACL SETUSER <user> ~*", failure(node.broadcaster.publish("room", Message.text("no"))));
            var reading = ((RedisBroadcaster) node.broadcaster).after("room", Position.START, 1);
            assertSays("ACL SETUSER <user> ~*", assertInstanceOf(BroadcastException.Refused.class, failure(reading)));
        }
    }

    @Test
    void theCallsThatAreNotAllowedAreNamed() throws Exception {
        user(without("+fcall"));
        assertSays("ACL SETUSER <user> +fcall", failure(node(true).broadcaster.publish("room", Message.text("no"))));
        user(without("+evalsha"));
        assertSays(
                "ACL SETUSER <user> +evalsha", failure(node(false).broadcaster.publish("room", Message.text("no"))));
        user(without("+eval"));
        var node = node(false);
        say((RedisBroadcaster) node.broadcaster, 1);
        redis.command("SCRIPT", "FLUSH");
        assertSays("ACL SETUSER <user> +eval", failure(node.broadcaster.publish("room", Message.text("no"))));
        user(without("+function|load"));
        say((RedisBroadcaster) node(true).broadcaster, 2); // by the script
    }

    @ParameterizedTest
    @ValueSource(strings = {"+multi", "+exec", "+xrange", "+hmget", "+pexpire"})
    void whatTheReadingMayNotDoIsNamed(String right) throws Exception {
        user(without(right));
        var node = node(true);
        var reading = ((RedisBroadcaster) node.broadcaster).after("room", Position.START, 1);
        assertSays("ACL SETUSER <user> " + right, assertInstanceOf(BroadcastException.Refused.class, failure(reading)));
    }

    @Test
    void whatOpeningAConnectionMayNotDoIsAConfigurationErrorAndHeals() throws Exception {
        for (var right : List.of("+info", "+script|load")) {
            user(without(right, "+function|load"));
            var node = node(true);
            Await.until("it knows why", () -> {
                var failure = failure(node.broadcaster.publish("room", Message.text("no")));
                return failure instanceof BroadcastException.Misconfigured
                        && failure.getMessage().contains("ACL SETUSER <user> " + right);
            });
            user(without());
            Await.until(
                    "published",
                    () -> node.broadcaster
                            .publish("room", Message.text("yes"))
                            .handle((receipt, failure) -> failure == null)
                            .join());
        }
    }
}
