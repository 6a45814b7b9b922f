package dev.fanfare.examples;

import dev.fanfare.examples.containers.TomcatSettings;
import dev.fanfare.jakarta.HandshakeFilter;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.servlet.ServletException;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.jspecify.annotations.Nullable;

/** Embedded Tomcat, set up for many sessions that are quiet most of the time. */
final class TomcatContainer implements Container {
    @Nullable
    Tomcat tomcat;

    private @Nullable Path baseDirectory;

    @Override
    public int start(int port, WebSocketHub hub, List<Class<?>> endpoints, Site site) throws Exception {
        baseDirectory = Files.createTempDirectory("fanfare-chat-tomcat-");
        tomcat = new Tomcat();
        tomcat.setBaseDir(baseDirectory.toString());
        tomcat.setPort(port);
        tomcat.getConnector().setThrowOnFailure(true);
        StandardContext context = (StandardContext) tomcat.addContext("", null);
        TomcatSettings.manySessions(tomcat.getConnector(), context);
        context.setClearReferencesThreadLocals(false); // the whole JVM is the application: there is nothing to unload
        context.setClearReferencesRmiTargets(false);
        Tomcat.addServlet(context, "site", new SiteServlet(site)).addMapping("/");
        deploy(context, hub, endpoints);
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw causeOf(e, port);
        }
        if (context.getState() != LifecycleState.STARTED) {
            throw new IllegalStateException("Tomcat could not deploy the chat: its log says why");
        }
        return tomcat.getConnector().getLocalPort();
    }

    private static void deploy(Context context, WebSocketHub hub, List<Class<?>> endpoints) {
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, servletContext) -> {
                    var container = (ServerContainer) servletContext.getAttribute(ServerContainer.class.getName());
                    try {
                        for (Class<?> endpoint : endpoints) {
                            container.addEndpoint(hub.endpoint(endpoint));
                        }
                    } catch (DeploymentException e) {
                        throw new ServletException(e);
                    }
                    HandshakeFilter.addTo(servletContext, hub);
                },
                null);
    }

    private static Exception causeOf(LifecycleException failure, int port) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return (BindException) new BindException("port " + port + " is taken").initCause(failure);
            }
        }
        return failure;
    }

    @Override
    public void close() {
        if (tomcat != null) {
            try {
                tomcat.stop();
                tomcat.destroy();
            } catch (LifecycleException e) {
                throw new IllegalStateException("Tomcat did not stop", e);
            } finally {
                delete(baseDirectory);
            }
        }
    }

    private static void delete(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        // Tomcat notes the first directory in the JVM, and the next Tomcat would make it anew.
        System.getProperties().remove("catalina.home", directory.toString());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
