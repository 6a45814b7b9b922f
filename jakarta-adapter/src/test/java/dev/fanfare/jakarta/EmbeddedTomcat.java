package dev.fanfare.jakarta;

import jakarta.servlet.ServletException;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat 10.1 or 11. */
final class EmbeddedTomcat implements Container {
    private final Tomcat tomcat = new Tomcat();

    EmbeddedTomcat(Deployment deployment) {
        this(deployment, 200);
    }

    /** With a pool of so many threads; 200 is the default. */
    EmbeddedTomcat(Deployment deployment, int threads) {
        this(deployment, threads, "HTTP/1.1");
    }

    private EmbeddedTomcat(Deployment deployment, int threads, String protocol) {
        try {
            Path base = Files.createDirectories(Path.of(
                            "target", "tomcat", "" + ProcessHandle.current().pid()))
                    .toAbsolutePath();
            tomcat.setBaseDir(base.toString());
            var connector = new Connector(protocol);
            connector.setPort(0);
            tomcat.setConnector(connector);
            connector.setProperty("maxThreads", Integer.toString(threads));
            Context context = tomcat.addContext("", base.toString());
            Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet")
                    .addMapping("/");
            context.addServletContainerInitializer(new WsSci(), null);
            context.addServletContainerInitializer(
                    (classes, servlets) -> {
                        try {
                            deployment.to((ServerContainer) servlets.getAttribute(ServerContainer.class.getName()));
                            deployment.to(servlets);
                        } catch (DeploymentException e) {
                            throw new ServletException(e);
                        }
                    },
                    null);
            tomcat.start();
            if (context.getState() != LifecycleState.STARTED) {
                throw new IllegalStateException("deployment failed, see the log");
            }
        } catch (IOException | LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With a connector whose sessions do not write to a SocketChannel. */
    static EmbeddedTomcat nio2(Deployment deployment) {
        return new EmbeddedTomcat(deployment, 200, "org.apache.coyote.http11.Http11Nio2Protocol");
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
