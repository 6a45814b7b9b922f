package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.ClientSession;
import dev.fanfare.Hub;
import jakarta.websocket.Session;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The hub of this module says what the core's says, in the same words. */
final class ApiTest {

    /** What adapters tell the core, and applications do not. */
    private static final Set<String> ADAPTERS_ONLY = Set.of(
            "open(ClientSession)",
            "ended(ClientSession)",
            "pong(ClientSession)",
            "checkChannel(String)",
            "join(ClientSession, String, Framing, Replay)",
            "sendFramed(ClientSession, Message)");

    @Test
    void webSocketHubOffersEveryOperationOfTheHub() {
        Set<String> expected = operations(Hub.class);
        expected.removeAll(ADAPTERS_ONLY);
        Set<String> own = operations(WebSocketHub.class);
        own.removeIf(operation -> operation.matches("(endpoint|id|unwrap)\\(.*"));
        assertEquals(expected, own);
    }

    @Test
    void builderOffersEveryOptionOfTheHubs() {
        Set<String> options = operations(Hub.Builder.class);
        Set<String> own = operations(WebSocketHub.Builder.class);
        // The core knows no handshakes, nor containers.
        own.removeAll(Set.of(
                "allowOrigins(String[])",
                "authorize(Authorizer)",
                "permessageDeflate(boolean)",
                "fastPaths(boolean)",
                "reconnectSpread(Duration)"));
        assertEquals(options, own);
        assertTrue(options.size() > 10, options.toString());
    }

    private static Set<String> operations(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(ApiTest::words)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String words(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> type == Session.class ? ClientSession.class : type)
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }
}
