package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatSizeTest {
    private static final Path CHAT = Path.of("src/main/java/dev/fanfare/examples");
    private static final Path ROOM = Path.of("../examples-room/src");

    @Test
    void theServerSideOfTheChatIsAtMostFortyLines() throws IOException {
        assertAtMost(40, CHAT.resolve("Chat.java"), CHAT.resolve("ChatNode.java"));
    }

    @Test
    void theRoomIsAtMostFifteenLinesAndItsTestFortyLines() throws IOException {
        assertAtMost(15, ROOM.resolve("main/java/dev/fanfare/examples/room/Room.java"));
        assertAtMost(40, ROOM.resolve("test/java/dev/fanfare/examples/room/RoomTest.java"));
    }

    /** All that is neither blank nor a comment, imports included. */
    private static void assertAtMost(long most, Path... files) throws IOException {
        long count = 0;
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            count += lines.stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty()
                            && !line.startsWith("/*")
                            && !line.startsWith("*")
                            && !line.startsWith("//"))
                    .count();
        }
        assertTrue(count <= most, List.of(files) + ": " + count + " lines");
    }

    /** Blank lines and comments included, as the chat that it repeats was counted. */
    @Test
    void theChatOfEventsIsAtMostFortyLines() throws IOException {
        long count = Files.readAllLines(Path.of("src/main/java/dev/fanfare/examples/EventChat.java"))
                .size();

        assertTrue(count <= 40, count + " lines");
    }
}
