package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The endpoint of docs/annotations.md, as it stands there, and the adapter where there is no servlet API. */
final class DocumentedRoomTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "annotations.md");
    private static final String IMPORTS =
            "import dev.fanfare.jakarta.*; import jakarta.websocket.*; import jakarta.websocket.server.*;\n";

    @Test
    void roomOfTheDocumentIsClustered() throws Exception {
        LocalBroadcaster bus = LocalBroadcaster.create();
        try (var classes = new URLClassLoader(new URL[] {compiled()}, getClass().getClassLoader())) {
            Class<?> room = classes.loadClass("Room");
            try (var tomcat = node(bus, EmbeddedTomcat::new, room);
                    var jetty = node(bus.peer(), EmbeddedJetty::new, room);
                    var first = tomcat.connect("/rooms/blue");
                    var second = jetty.connect("/rooms/blue");
                    var other = jetty.connect("/rooms/red")) {
                Await.until("all joined", () -> {
                    var here = jetty.hub().sessions();
                    return tomcat.hub().sessions().count("room.blue") == 1
                            && here.count("room.blue") == 1
                            && here.count("room.red") == 1;
                });
                first.sendText("hello");
                assertEquals("hello", first.next().text());
                assertEquals("hello", second.next().text());
                other.sendText("only red");
                assertEquals("only red", other.next().text());
            }
        }
    }

    @Test
    void endpointsWorkWithoutTheServletApi() throws Exception {
        ClassLoader plain = new WithoutServlets(getClass().getClassLoader());
        assertThrows(
                LinkageError.class,
                () -> plain.loadClass(HandshakeFilter.class.getName()).getMethods());
        Class<?> type = plain.loadClass(WebSocketHub.class.getName());
        Object hub = type.getMethod("create", plain.loadClass("dev.fanfare.Broadcaster"))
                .invoke(null, LocalBroadcaster.create());
        try (var closing = (AutoCloseable) hub;
                var classes = new URLClassLoader(new URL[] {compiled()}, plain)) {
            var config = (ServerEndpointConfig)
                    type.getMethod("endpoint", Class.class).invoke(closing, classes.loadClass("Room"));
            var session = new FakeSession(config, Map.of("room", "blue"));
            session.text("hello");
            Await.until("it is broadcast", () -> session.sent.contains("hello"));
        }
    }

    private static Node node(
            LocalBroadcaster broadcaster, Function<Container.Deployment, Container> container, Class<?> room) {
        return Node.start(
                WebSocketHub.create(broadcaster), container, hub -> server -> server.addEndpoint(hub.endpoint(room)));
    }

    /** Where the class of the document's first snippet is. */
    private static URL compiled() throws IOException {
        String text = Files.readString(DOCUMENT);
        int begin = text.indexOf("```java\n") + "```java\n".length();
        Path directory = Files.createDirectories(Path.of("target", "documented"));
        Path source = directory.resolve("Room.java");
        Files.writeString(source, IMPORTS + text.substring(begin, text.indexOf("```", begin)));
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-encoding",
                        "UTF-8",
                        "-cp",
                        path,
                        "-d",
                        directory.toString(),
                        source.toString());
        assertEquals(0, result, "the snippet does not compile");
        return directory.toUri().toURL();
    }

    /** Defines this module's classes anew, and knows no servlets. */
    private static final class WithoutServlets extends ClassLoader {
        WithoutServlets(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("jakarta.servlet.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.fanfare.jakarta.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = stream(name)) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        private @Nullable InputStream stream(String name) {
            return getParent().getResourceAsStream(name.replace('.', '/') + ".class");
        }
    }
}
