package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar, as it is handed out. Runs after it was packaged. */
class RunnableJarIT {
    private static final String JAR = System.getProperty("chat.jar", "target/fanfare-chat.jar");

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"tomcat", "jetty", "undertow", "tyrus"})
    void runsTheChatWithNothingElse(String container) throws Exception {
        Map<String, String> environment = Map.of("PORT", "0,0", "CONTAINER", container);
        try (ChatProcess chat = new ChatProcess(directory, environment, List.of("-jar", JAR)).awaitStart();
                Visitor anna = new Visitor(chat.ports().get(0));
                Visitor ben = new Visitor(chat.ports().get(1))) {
            assertTrue(chat.out().contains(" java -jar " + JAR + "\n"), chat.out());
            anna.say("hello");
            assertEquals("hello", ben.hear());
            assertTrue(SiteTest.health(chat.ports().get(1)).contains("\"sessions\":1"));

            chat.terminate();
            assertEquals(143, chat.exitCode());
            assertEquals("", chat.err());
            assertEquals(List.of(), chat.leftovers());
        }
    }

    @Test
    void refusesAWrongSettingLikeTheClassesDo() throws Exception {
        try (ChatProcess chat = new ChatProcess(directory, Map.of("PORT", "no"), List.of("-jar", JAR))) {
            assertEquals(2, chat.exitCode());
            assertEquals(1, chat.err().lines().count(), chat.err());
        }
    }

    @Test
    void holdsTheLicencesOfWhatIsInItAndNoSignature() throws IOException {
        try (JarFile jar = new JarFile(JAR)) {
            assertNotNull(jar.getEntry("META-INF/LICENSE"));
            assertNotNull(jar.getEntry("META-INF/NOTICE"));
            List<String> names = jar.stream().map(ZipEntry::getName).toList();
            assertFalse(names.stream().anyMatch(name -> name.matches("META-INF/[^/]+\\.(SF|RSA|DSA)")));
            assertFalse(names.contains("module-info.class"));
        }
    }
}
