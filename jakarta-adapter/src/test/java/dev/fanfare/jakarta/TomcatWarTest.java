package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import dev.fanfare.fixtures.RedisForTests;
import dev.fanfare.fixtures.War;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** WARs that a container scans. */
final class TomcatWarTest {

    private static final int REDEPLOYMENTS = 20;
    private static final Class<?>[] ROOMS = {Scanned.Room.class, Scanned.Plain.class, Scanned.Count.class};

    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" %s>%s</web-app>
            """;
    /** The annotations of listener and servlet, in XML. */
    private static final String ANNOTATIONS = """
            <listener><listener-class>dev.fanfare.jakarta.Scanned$App</listener-class></listener>
            <servlet><servlet-name>count</servlet-name>
              <servlet-class>dev.fanfare.jakarta.Scanned$Count</servlet-class></servlet>
            <servlet-mapping><servlet-name>count</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
            """;

    // Tomcat has the jars of the WARs open until its class loaders are collected.
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private ScanningTomcat tomcat;

    @BeforeEach
    void start() {
        tomcat = new ScanningTomcat(directory);
    }

    @AfterEach
    void nothingIsLeft() throws LifecycleException {
        tomcat.close();
        Await.until("threads have ended: " + threads(), () -> threads().isEmpty());
    }

    private static War rooms(Class<?>... further) {
        return ScanningTomcat.war(ROOMS).classes(further);
    }

    private void talk(String context) throws IOException {
        try (var ada = tomcat.connect(context + "/rooms/blue?team=red");
                var bob = tomcat.connect(context + "/rooms/blue?team=red");
                var plain = tomcat.connect(context + "/plain")) {
            Await.until(
                    "both have joined", () -> tomcat.get(context + "/sessions").equals("2"));
            ada.sendText("hello");
            assertEquals("hello", ada.next().text());
            assertEquals("hello", bob.next().text());
            plain.sendText("hello");
            assertEquals("plain hello", plain.next().text());
            var refused = assertThrows(IOException.class, () -> tomcat.connect(context + "/rooms/blue"));
            assertTrue(String.valueOf(refused.getMessage()).contains("HTTP/1.1 400 "), refused.getMessage());
        }
    }

    private void runs(War war) throws IOException {
        assertTrue(ScanningTomcat.isStarted(tomcat.deploy("", war)), "deployed");
        talk("");
    }

    private void isRefused(War war, String... words) throws IOException, LifecycleException {
        try (var log = CapturedLog.of("org.apache.catalina.core")) {
            StandardContext context = tomcat.deploy("", war);
            assertFalse(ScanningTomcat.isStarted(context), "deployed");
            for (String word : words) {
                assertTrue(log.causes().toString().contains(word), log.causes().toString());
            }
            tomcat.undeploy(context);
        }
    }

    @Test
    void scannedBroadcastsAreTheHubsAndOthersTheContainers() throws IOException {
        runs(rooms(Scanned.App.class));
    }

    @Test
    void theBrowsersClientIsServedOutOfOurJar() throws IOException {
        War files = ScanningTomcat.war(Scanned.Plain.class).file("WEB-INF/web.xml", WEB_XML.formatted("", """
                <servlet><servlet-name>files</servlet-name>
                  <servlet-class>org.apache.catalina.servlets.DefaultServlet</servlet-class></servlet>
                <servlet-mapping><servlet-name>files</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
                """));
        assertTrue(ScanningTomcat.isStarted(tomcat.deploy("", files)));
        String client = tomcat.get("/fanfare/fanfare.js");
        assertTrue(client.contains("fanfare = { connect: connect"), client);
    }

    @Test
    void applicationMayHaveASuperclassOfItsOwn() throws IOException {
        runs(rooms(Scanned.Deep.class, Scanned.Base.class));
    }

    @Test
    void applicationMayBeNamedInXml() throws IOException {
        runs(rooms(Scanned.App.class)
                .file("WEB-INF/web.xml", WEB_XML.formatted("metadata-complete=\"true\"", ANNOTATIONS)));
    }

    @Test
    void twoContextsOfOneApplicationHaveAHubEach() throws IOException {
        StandardContext first = tomcat.deploy("/first", rooms(Scanned.App.class));
        StandardContext second = tomcat.deploy("/second", rooms(Scanned.App.class));
        assertTrue(ScanningTomcat.isStarted(first) && ScanningTomcat.isStarted(second));
        try (var stranger = tomcat.connect("/first/rooms/blue?team=red")) {
            talk("/second");
            stranger.sendText("alone");
            assertEquals("alone", stranger.next().text());
        }
    }

    @Test
    void contextStartsAgain() throws IOException {
        StandardContext context = tomcat.deploy("", rooms(Scanned.App.class));
        try (var client = tomcat.connect("/rooms/blue?team=red")) {
            client.sendText("hello");
            assertEquals("hello", client.next().text());
            context.reload();
            assertEquals(1001, client.closeCode());
        }
        talk("");
    }

    @Test
    void applicationThatDeploysByHandIsLeftAlone() throws IOException {
        assertTrue(ScanningTomcat.isStarted(tomcat.deploy("", rooms(Scanned.ByHand.class))));
        try (var client = tomcat.connect("/rooms/blue?team=red")) {
            client.sendText("hello");
            assertEquals("hello", client.next().text());
        }
    }

    @Test
    void broadcastWithoutAnApplicationIsRefused() throws Exception {
        isRefused(
                rooms(),
                "Scanned$Room: @Broadcast has no effect on an endpoint that the container deploys by itself",
                "extends dev.fanfare.jakarta.BroadcastApplication");
    }

    @Test
    void abstractApplicationIsNone() throws Exception {
        isRefused(rooms(Scanned.Base.class), "Scanned$Room: @Broadcast has no effect");
    }

    @Test
    void forgottenAnnotationIsRefused() throws Exception {
        isRefused(
                rooms(Scanned.Forgetful.class, Scanned.Base.class),
                "Scanned$Forgetful has to have the annotation @WebListener");
    }

    @Test
    void secondApplicationIsRefused() throws Exception {
        isRefused(
                rooms(Scanned.App.class, Scanned.Deep.class, Scanned.Base.class),
                "A WAR has one BroadcastApplication, not dev.fanfare.jakarta.Scanned$App, dev.fanfare.jakarta.Scanned$Deep");
    }

    @Test
    void hubThatCannotBeCreatedIsNamed() throws Exception {
        isRefused(rooms(Scanned.Failing.class), "Scanned$Failing.createHub() failed: no such Redis");
    }

    @Test
    void endpointThatSomebodyElseDeploysTooIsRefused() throws Exception {
        isRefused(
                rooms(Scanned.App.class, Scanned.Everything.class),
                "Does a ServerApplicationConfig beside dev.fanfare.jakarta.Scanned$App return it, too?",
                "/rooms/{room}");
    }

    @Test
    void applicationThatWasNotToldWhatWasFoundIsRefused() throws Exception {
        isRefused(
                rooms(Scanned.App.class).file("WEB-INF/web.xml", WEB_XML.formatted("", "<absolute-ordering/>")),
                "Scanned$App was not told what the container found",
                "an absolute-ordering without <others/>");
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES) // Tomcat reads the jars of each anew
    void redeployingTwentyTimesLeaksNeitherThreadsNorClassLoaders() throws Exception {
        System.setProperty(Scanned.REDIS, RedisForTests.uri());
        try {
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            loaders.add(redeploy());
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            for (int i = 1; i < REDEPLOYMENTS; i++) {
                loaders.add(redeploy());
            }
            Await.until("threads have ended: " + threads(), () -> threads().isEmpty());
            Await.until("others, too: " + added(before), () -> added(before).isEmpty());
            // Its last request keeps Tomcat's last application in memory.
            redeploy();
            Await.until("class loaders are collected", () -> {
                System.gc();
                return loaders.stream().allMatch(loader -> loader.refersTo(null));
            });
        } finally {
            System.clearProperty(Scanned.REDIS);
        }
    }

    private WeakReference<ClassLoader> redeploy() throws IOException, LifecycleException {
        StandardContext context = tomcat.deploy("", rooms(Scanned.App.class));
        ClassLoader loader = Objects.requireNonNull(context.getLoader().getClassLoader());
        talk("");
        try (var guest = tomcat.connect("/rooms/blue?team=red")) {
            guest.sendText("hello");
            assertEquals("hello", guest.next().text());
            tomcat.undeploy(context);
            assertEquals(1001, guest.closeCode());
        }
        return new WeakReference<>(loader);
    }

    /** What runs and did not run before, but for threads that all applications share. What those hold on to, the class loaders tell. */
    private static Set<Thread> added(Set<Thread> before) {
        Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
        now.removeAll(before);
        now.removeIf(thread -> thread.getName().startsWith("http-nio")
                || thread.getName().startsWith("WebSocket background processing")
                || isCarrier(thread));
        return now;
    }

    /** Whether the JVM runs virtual threads on it. */
    private static boolean isCarrier(Thread thread) {
        ThreadGroup group = thread.getThreadGroup(); // null when it has ended
        return group != null && group.getName().equals("CarrierThreads");
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fanfare"))
                .collect(Collectors.toSet());
    }
}
