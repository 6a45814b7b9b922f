package dev.fanfare.jakarta;

import dev.fanfare.ClientSession;
import dev.fanfare.fixtures.War;
import dev.fanfare.fixtures.WebSocketClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import redis.clients.jedis.Jedis;

/** Tomcat 10.1 or 11 that deploys WARs as a server does: it scans them, and each has a class loader of its own. */
final class ScanningTomcat implements AutoCloseable {
    private final Tomcat tomcat = new Tomcat();
    private final Path base;

    ScanningTomcat(Path base) {
        this.base = base;
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector();
        // A host that fails to deploy one application serves the others.
        tomcat.getHost();
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A WAR of {@code types}, with the library in it. */
    static War war(Class<?>... types) {
        return new War()
                .classes(types)
                .classes(Scanned.class)
                .libraries(ClientSession.class, WebSocketHub.class, Jedis.class);
    }

    /** Deploys {@code war} at {@code path}. Whether that worked, its state tells. */
    StandardContext deploy(String path, War war) throws IOException {
        var context = new StandardContext();
        context.setPath(path);
        context.setName(path);
        context.setDocBase(war.unpack(Files.createTempDirectory(base, "war")).toString());
        context.setParentClassLoader(new WithoutFanfare(getClass().getClassLoader()));
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        var config = new ContextConfig();
        config.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
        context.addLifecycleListener(config);
        tomcat.getHost().addChild(context);
        return context;
    }

    static boolean isStarted(StandardContext context) {
        return context.getState() == LifecycleState.STARTED;
    }

    void undeploy(StandardContext context) throws LifecycleException {
        tomcat.getHost().removeChild(context);
        context.destroy();
    }

    WebSocketClient connect(String path) throws IOException {
        return WebSocketClient.connect(port(), path);
    }

    String get(String path) {
        URI address = URI.create("http://localhost:" + port() + path);
        try (InputStream in = address.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    /** The class path of the tests without what a WAR brings along, and without other containers. */
    private static final class WithoutFanfare extends ClassLoader {
        WithoutFanfare(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.fanfare.") || name.startsWith("redis.clients.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            // Among the services are those of other containers.
            return Collections.enumeration(Collections.list(super.getResources(name)).stream()
                    .filter(url -> url.getPath().contains("/tomcat/"))
                    .toList());
        }
    }
}
