package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Hub;
import dev.fanfare.LocalBroadcaster;
import dev.fanfare.redis.RedisBroadcaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document says that can be looked up is so. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|Contract))\\.(\\w+)`");
    private static final Pattern JAVA = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern BODY =
            Pattern.compile("^    public static \\w+ [^\n]*\n(.*?)^    }$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern CLASS = Pattern.compile("`(\\w+(?:Test|IT|Contract))`");

    @Test
    void linksResolve() {
        var broken = new ArrayList<String>();
        for (var document : documents()) {
            for (var link : found(LINK, document)) {
                if (!link.contains("://") && !Files.exists(target(document, link))) {
                    broken.add(ROOT.relativize(document) + ": " + link);
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void everyDocumentIsReachedFromTheReadme() {
        var reached = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        for (int i = 0; i < reached.size(); i++) {
            for (var link : found(LINK, reached.get(i))) {
                var target = link.contains("://") ? null : target(reached.get(i), link);
                if (target != null
                        && target.toString().endsWith(".md")
                        && Files.exists(target)
                        && !reached.contains(target)) {
                    reached.add(target);
                }
            }
        }
        var lost = new ArrayList<>(documents());
        lost.removeAll(reached);
        assertEquals(List.of(), lost);
    }

    @Test
    void testsThatAreNamedExist() {
        var missing = new ArrayList<String>();
        for (var document : documents()) {
            var tests = TEST.matcher(text(document));
            while (tests.find()) {
                var method = Pattern.compile("\\bvoid " + tests.group(2) + "\\(");
                if (sources(tests.group(1))
                        .noneMatch(file -> method.matcher(text(file)).find())) {
                    missing.add(ROOT.relativize(document) + ": " + tests.group());
                }
            }
            for (var type : found(CLASS, document)) {
                if (sources(type).findAny().isEmpty()) {
                    missing.add(ROOT.relativize(document) + ": " + type);
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    /** The tables of the README say the defaults of the builders. */
    @Test
    void defaultsAreThoseOfTheBuilders() throws ReflectiveOperationException {
        var hub = field(Hub.builder(LocalBroadcaster.create()), "settings");
        var redis = field(RedisBroadcaster.builder(), "draft");
        assertRow("messageBytes", mebibytes(hub, "messageBytes"));
        assertRow("outbox", messages(hub, "outboxMessages") + ", " + mebibytes(hub, "outboxBytes"));
        assertRow("laneQueue", messages(hub, "laneMessages") + ", " + mebibytes(hub, "laneBytes"));
        assertRow("publishQueue", messages(redis, "queueMessages") + ", " + mebibytes(redis, "queueBytes"));
        assertRow("publishTimeout", seconds(redis, "publishTimeout"));
        assertRow("broadcastTimeout", seconds(hub, "broadcastTimeout"));
        assertRow("sendTimeout", seconds(hub, "sendTimeout"));
        assertRow("pingInterval", seconds(hub, "pingInterval"));
        assertRow("closeTimeout", seconds(hub, "closeTimeout"));
        assertRow(
                "liveness",
                seconds(redis, "readTimeout") + ", tried by a PING every " + seconds(redis, "pingInterval"));
        assertRow("linger", seconds(redis, "linger"));
        assertRow(
                "backoff",
                ((Duration) field(redis, "backoffFirst")).toMillis() + " ms, doubling to "
                        + seconds(redis, "backoffRefused") + " if refused, " + seconds(redis, "backoffSlow")
                        + " if silent");
    }

    private static void assertRow(String method, String value) {
        var rows = text(ROOT.resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith("| ") && line.contains("`" + method + "`"))
                .toList();
        assertTrue(rows.size() == 1 && rows.get(0).contains("| " + value + " |"), () -> value + ", not " + rows);
    }

    private static String messages(Object builder, String field) throws ReflectiveOperationException {
        return String.format(Locale.ROOT, "%,d messages", (Integer) field(builder, field));
    }

    private static String mebibytes(Object builder, String field) throws ReflectiveOperationException {
        return (((Number) field(builder, field)).longValue() >> 20) + " MiB";
    }

    private static String seconds(Object builder, String field) throws ReflectiveOperationException {
        return ((Duration) field(builder, field)).toSeconds() + " s";
    }

    private static Object field(Object builder, String name) throws ReflectiveOperationException {
        var field = builder.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(builder);
    }

    @Test
    void versionsAreThoseOfTheBuild() {
        var pom = text(ROOT.resolve("pom.xml"));
        var readme = text(ROOT.resolve("README.md"));
        assertTrue(readme.contains("| Jedis | " + version(pom, "jedis") + " |"));
        assertTrue(readme.contains(" " + version(pom, "spring-boot") + " with its Tomcat"));
        assertTrue(text(ROOT.resolve("docs/spring-boot.md")).contains("Spring Boot " + version(pom, "spring-boot")));
        assertTrue(text(ROOT.resolve("docs/testing.md")).contains("<version>" + version(pom, "tyrus") + "<"));
        var containers = text(ROOT.resolve("docs/containers.md"));
        for (var container : List.of("tomcat", "tomcat-ee10", "jetty", "jetty-ee10", "undertow", "tyrus")) {
            var version = version(pom, container).replace(".Final", "");
            var line = version.substring(0, version.lastIndexOf('.'));
            assertTrue(containers.contains("| " + version), container);
            assertTrue(
                    Pattern.compile("\\b" + Pattern.quote(line) + "\\b")
                            .matcher(readme)
                            .find(),
                    container);
        }
        var servers = text(ROOT.resolve("servers/pom.xml"));
        for (var server : List.of("wildfly", "openliberty")) {
            var version = version(servers, server).replace(".Final", "");
            assertTrue(containers.contains("| " + version + ","), server);
        }
    }

    private static String version(String pom, String of) {
        var found = Pattern.compile("<" + of + "\\.version>([^<]+)<").matcher(pom);
        assertTrue(found.find(), of);
        return found.group(1);
    }

    /** What is shown as a whole is the file that the build compiles and runs. */
    @ParameterizedTest
    @CsvSource({
        "testing.md, examples-room/src/test/java/dev/fanfare/examples/room/RoomTest.java",
        "spring-boot.md, examples-spring/src/main/java/dev/fanfare/examples/spring/RoomApplication.java"
    })
    void recipesAreTheFilesThatAreRun(String document, String file) {
        var shown = found(JAVA, ROOT.resolve("docs").resolve(document));
        assertEquals(List.of(text(ROOT.resolve(file))), shown);
    }

    /** What the settings of containers.md show is what the method does, line by line. */
    @ParameterizedTest
    @ValueSource(strings = {"Tomcat", "Jetty", "Undertow", "Tyrus"})
    void settingsAreTheLinesThatAreRun(String container) {
        var shown = String.join("\n", found(JAVA, ROOT.resolve("docs/containers.md")));
        var file =
                ROOT.resolve("examples/src/main/java/dev/fanfare/examples/containers/" + container + "Settings.java");
        var bodies = found(BODY, file);
        assertFalse(bodies.isEmpty());
        for (var body : bodies) {
            assertTrue(shown.contains(body.replaceAll("(?m)^ {8}", "")), body);
        }
    }

    @Test
    void contributingIsOnePage() {
        var lines = text(ROOT.resolve("CONTRIBUTING.md")).lines().count();
        assertTrue(lines <= 60, lines + " lines");
    }

    /** A file that is absolute on one machine says nothing on another. */
    @Test
    void noPathOfAMachineIsTold() {
        for (var document : documents()) {
            assertFalse(
                    Pattern.compile("(?<![\\w.])/(home|root|work|Users)/")
                            .matcher(text(document))
                            .find(),
                    document::toString);
        }
    }

    private static Path target(Path document, String link) {
        return document.resolveSibling(link.replaceFirst("#.*", "")).normalize();
    }

    private static List<String> found(Pattern pattern, Path document) {
        return pattern.matcher(text(document))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static List<Path> documents() {
        return files(".md").toList();
    }

    private static Stream<Path> sources(String type) {
        return files("/" + type + ".java");
    }

    private static Stream<Path> files(String end) {
        var found = new ArrayList<Path>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    var name = directory.getFileName().toString();
                    return name.equals("target") || (name.startsWith(".") && !directory.equals(ROOT))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toUri().getPath().endsWith(end)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.stream();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
