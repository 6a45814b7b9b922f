package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.RedisForTests;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the README shows works for somebody who has read nothing else: a project of its own, with the one dependency that
 * the README names and a container, compiles its snippets and runs them with two nodes and a Redis. The artifacts are
 * installed for it into a repository of its own, as {@code mvn install} does.
 */
class ReadmeIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path TEMPLATES = Path.of("src", "test", "consumer");
    private static final Path TARGET = Path.of("target", "readme").toAbsolutePath();
    private static final String VERSION = System.getProperty("readme.version");

    /**
     * The blocks of Java in the README, in their order: imports, endpoint and wiring, the same by annotation, with events, with
     * history, what else a hub does, ready, health, builders.
     */
    private static List<String> snippets() throws IOException {
        var blocks = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        return blocks.results().map(block -> block.group(1)).toList();
    }

    @BeforeAll
    static void installed() throws IOException {
        install("fanfare-parent", ROOT, "pom");
        install("fanfare-core", ROOT.resolve("core"), "jar");
        install("fanfare-jakarta", ROOT.resolve("jakarta-adapter"), "jar");
    }

    private static void install(String artifact, Path module, String packaging) throws IOException {
        var directory =
                Files.createDirectories(TARGET.resolve(Path.of("repository", "dev", "fanfare", artifact, VERSION)));
        var name = artifact + "-" + VERSION;
        copy(module.resolve("pom.xml"), directory.resolve(name + ".pom"));
        if (packaging.equals("jar")) {
            copy(module.resolve(Path.of("target", name + ".jar")), directory.resolve(name + ".jar"));
        }
    }

    @Test
    @Timeout(300)
    void snippetsWorkOnTheClassPathAndBringJedisAlongOnly() throws Exception {
        var output = runs("class-path");
        assertEquals(
                Set.of(
                        "fanfare-jakarta",
                        "fanfare-core",
                        "jedis",
                        "commons-pool2",
                        "error_prone_annotations",
                        "gson",
                        "json",
                        "redis-authx-core",
                        "slf4j-api",
                        "tomcat-embed-websocket",
                        "tomcat-embed-core",
                        "tomcat-annotations-api"),
                artifacts(output));
    }

    @Test
    @Timeout(300)
    void snippetsWorkOnTheModulePath() throws Exception {
        var output = runs("module-path");
        assertTrue(output.contains("module dev.fanfare.jakarta"), output);
        assertTrue(output.contains("module consumer"), output);
        assertTrue(output.contains("every event was heard on both nodes"), output);
    }

    /** The jars of the class path that the program printed, without their versions. */
    private static Set<String> artifacts(String output) {
        var line = output.lines()
                .filter(text -> text.contains("class path: "))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(line.replaceFirst(".*class path: ", "").split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString())
                .filter(entry -> entry.endsWith(".jar"))
                .map(jar -> jar.replaceFirst("-\\d.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String runs(String name) throws Exception {
        var project = TARGET.resolve(name);
        var sources = Files.createDirectories(project.resolve(Path.of("src", "main", "java", "consumer")));
        copy(TEMPLATES.resolve(name).resolve("pom.xml"), project.resolve("pom.xml"));
        copy(TEMPLATES.resolve(name).resolve("Container.java"), sources.resolve("Container.java"));
        copy(TEMPLATES.resolve("Main.java"), sources.resolve("Main.java"));
        var moduleInfo = TEMPLATES.resolve(name).resolve("module-info.java");
        if (Files.exists(moduleInfo)) {
            copy(moduleInfo, sources.resolveSibling("module-info.java"));
        }
        writeSnippets(sources);
        var log = project.resolve("build.log");
        var maven = new ProcessBuilder(command())
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        maven.environment().remove("MAVEN_OPTS");
        var process = maven.start();
        try {
            assertTrue(process.waitFor(240, TimeUnit.SECONDS), "the build is still running");
        } finally {
            process.destroyForcibly();
        }
        var output = Files.readString(log);
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("every word was heard on both nodes"), output);
        return output;
    }

    private static List<String> command() {
        var maven = Path.of(System.getProperty("readme.maven"), "bin", isWindows() ? "mvn.cmd" : "mvn");
        var command = new ArrayList<>(List.of(
                maven.toString(),
                "--batch-mode",
                "--quiet",
                "-Dmaven.repo.local=" + TARGET.resolve("repository"),
                "-Daround.repository="
                        + Path.of(System.getProperty("readme.repository")).toUri()));
        for (var version : List.of("fanfare.version", "tomcat.version", "jetty.version", "jackson3.version")) {
            command.add("-D" + version + "=" + System.getProperty(version.replace("fanfare", "readme")));
        }
        command.addAll(List.of("compile", "exec:exec"));
        return command;
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    private static void writeSnippets(Path sources) throws IOException {
        var snippets = snippets();
        assertEquals(9, snippets.size(), "snippets of the README: give each a place here");
        var begin = "package consumer;\n\n" + snippets.get(0);
        var chat = snippets.get(1);
        var endpoint = chat.substring(0, chat.indexOf("WebSocketHub hub = "));
        var wiring = chat.substring(endpoint.length()).replace("redis://localhost:6379", RedisForTests.uri());
        Files.writeString(sources.resolve("Chat.java"), begin + endpoint);
        var room = snippets.get(2).substring(0, snippets.get(2).indexOf("serverContainer."));
        var roomWiring = snippets.get(2).substring(room.length());
        Files.writeString(sources.resolve("Room.java"), begin + room);
        var events = snippets.get(3);
        int eventEndpoint = events.indexOf("@ServerEndpoint");
        int eventWiring = events.indexOf("serverContainer.");
        Files.writeString(sources.resolve("Said.java"), begin + events.substring(0, eventEndpoint));
        Files.writeString(sources.resolve("EventChat.java"), begin + events.substring(eventEndpoint, eventWiring));
        var history = snippets.get(4);
        int historyEndpoint = history.indexOf("@ServerEndpoint");
        Files.writeString(
                sources.resolve("Readme.java"),
                begin
                        + """
                        import jakarta.servlet.http.HttpServletResponse;

                        final class Readme {
                            private static final java.util.logging.Logger log = java.util.logging.Logger.getLogger("shop");

                            static WebSocketHub deploy(ServerContainer serverContainer) throws Exception {
                                %s
                                %s
                                %s
                                return hub;
                            }

                            static WebSocketHub kept() {
                                %s
                                return hub;
                            }

                            %s static final class Kept {}

                            static void more(WebSocketHub hub, Session session, byte[] bytes) {
                                %s
                            }

                            static void awaitReady(WebSocketHub hub) throws Exception {
                                %s
                            }

                            static void health(WebSocketHub hub, HttpServletResponse response) throws Exception {
                                %s
                            }

                            static void configured() {
                                %s
                            }
                        }
                        """.formatted(
                                        wiring,
                                        roomWiring,
                                        events.substring(eventWiring),
                                        history.substring(0, historyEndpoint),
                                        history.substring(historyEndpoint),
                                        snippets.get(5),
                                        snippets.get(6),
                                        snippets.get(7),
                                        snippets.get(8)));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
}
