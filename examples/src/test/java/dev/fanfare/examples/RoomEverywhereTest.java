package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.examples.room.Room;
import dev.fanfare.jakarta.WebSocketHub;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.apache.catalina.util.ServerInfo;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The one compiled room on each container, across two nodes of it. Run twice: with the containers of Jakarta EE 11 and,
 * by the system property {@code ee10}, with those of EE 10.
 */
class RoomEverywhereTest {
    private static final boolean EE10 = Boolean.getBoolean("ee10");
    private static final String CLASS_FILE = Room.class.getName().replace('.', '/') + ".class";

    static List<Supplier<Container>> containers() {
        return EE10
                ? List.of(TomcatContainer::new, JettyEe10Container::new)
                : List.of(TomcatContainer::new, JettyContainer::new, UndertowContainer::new, TyrusContainer::new);
    }

    @ParameterizedTest
    @MethodSource("containers")
    void theRoomIsOneOnBothNodes(Supplier<Container> container) throws Exception {
        LocalBroadcaster bus = LocalBroadcaster.create();
        try (WebSocketHub here = WebSocketHub.create(bus);
                WebSocketHub there = WebSocketHub.create(bus.peer());
                Container first = container.get();
                Container second = container.get();
                Visitor anna = visitor(first, here);
                Visitor ben = visitor(second, there)) {
            anna.say("milk?");
            assertEquals("milk?", anna.hear());
            assertEquals("milk?", ben.hear());
            ben.say("no");
            assertEquals("no", anna.hear());
        }
    }

    private static Visitor visitor(Container container, WebSocketHub hub) throws Exception {
        int port = container.start(0, hub, List.of(Room.class), new Site(hub::stats, List::of, "redis-cli"));
        return new Visitor(port, "/rooms/tea");
    }

    @Test
    void theRoomIsTheOneThatWasCompiledInItsModule() throws IOException {
        List<URL> found = Collections.list(Room.class.getClassLoader().getResources(CLASS_FILE));

        assertEquals(1, found.size(), found.toString());
        assertArrayEquals(
                Files.readAllBytes(
                        Path.of("..", "examples-room", "target", "classes").resolve(CLASS_FILE)),
                found.get(0).openStream().readAllBytes());
    }

    @Test
    void theContainersAreThoseOfThatJakartaEe() {
        assertTrue(ServerInfo.getServerNumber().startsWith(EE10 ? "10.1." : "11.0."), ServerInfo.getServerNumber());
        assertTrue(Server.getVersion().startsWith(EE10 ? "12.0." : "12.1."), Server.getVersion());
    }
}
