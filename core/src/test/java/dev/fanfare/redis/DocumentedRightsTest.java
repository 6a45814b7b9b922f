package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The rights that docs/operations.md gives to a user suffice. */
class DocumentedRightsTest extends OwnRedis {

    @Test
    void documentedRightsAreAllThatANodeNeeds() throws Exception {
        redis.command(documented());
        try (var log = CapturedLog.of(Predecessor.class.getName())) {
            var node = node(quick(redis.port())
                    .uri("redis://app:secret@127.0.0.1:" + redis.port())
                    .prefix("shop:"));
            node.join("chat");
            assertEquals(
                    1, node.publish("chat", "one").get(10, TimeUnit.SECONDS).receivers());
            redis.command("CLIENT", "KILL", "USER", "app");
            Await.until(
                    "back",
                    () -> node.publish("chat", "two")
                            .handle((receipt, failure) -> receipt != null && receipt.receivers() == 1)
                            .join());
            node.broadcaster.unsubscribe("chat");
            Await.until(
                    "left", () -> redis.command("PUBSUB", "NUMSUB", "shop:chat").endsWith("0"));
            assertEquals("", redis.command("ACL", "LOG"), "what Redis refused");
            assertEquals(List.of(), log.lines());
        }
    }

    static String[] documented() throws IOException {
        return documented("+subscribe");
    }

    /** The line that gives {@code right}. */
    static String[] documented(String right) throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "operations.md")).stream()
                .filter(line -> line.startsWith("ACL SETUSER") && line.contains(right))
                .findFirst()
                .orElseThrow()
                .split(" ");
    }
}
