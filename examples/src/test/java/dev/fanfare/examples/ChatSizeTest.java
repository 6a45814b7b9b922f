package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatSizeTest {

    @Test
    void theServerSideOfTheChatIsAtMostFortyLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : List.of("Chat", "ChatNode")) {
            lines.addAll(Files.readAllLines(Path.of("src/main/java/dev/fanfare/examples", name + ".java")));
        }

        // All that is neither blank nor a comment, imports included.
        long count = lines.stream()
                .map(String::strip)
                .filter(line ->
                        !line.isEmpty() && !line.startsWith("/*") && !line.startsWith("*") && !line.startsWith("//"))
                .count();

        assertTrue(count <= 40, count + " lines");
    }

    /** Blank lines and comments included, as the chat that it repeats was counted. */
    @Test
    void theChatOfEventsIsAtMostFortyLines() throws IOException {
        long count = Files.readAllLines(Path.of("src/main/java/dev/fanfare/examples/EventChat.java"))
                .size();

        assertTrue(count <= 40, count + " lines");
    }
}
