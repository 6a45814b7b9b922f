package dev.fanfare.benchmarks.node;

import dev.fanfare.examples.containers.TomcatSettings;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat. */
final class TomcatServer implements Server {

    private final boolean tuned;
    private final Tomcat tomcat = new Tomcat();

    TomcatServer(boolean tuned) {
        this.tuned = tuned;
    }

    @Override
    public int start(Deployment deployment) throws Exception {
        Path directory = Files.createTempDirectory("fanfare-load-tomcat-");
        directory.toFile().deleteOnExit();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        var connector = tomcat.getConnector();
        connector.setThrowOnFailure(true);
        connector.setProperty("address", "127.0.0.1");
        var context = tomcat.addContext("", null);
        if (tuned) {
            TomcatSettings.manySessions(connector, context);
        } else {
            connector.setProperty("maxConnections", "-1"); // or there would be nothing to measure
        }
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, servlets) -> {
                    try {
                        deployment.to((ServerContainer) servlets.getAttribute(ServerContainer.class.getName()));
                    } catch (DeploymentException e) {
                        throw new ServletException(e);
                    }
                },
                null);
        Tomcat.addServlet(context, "nothing", new Nothing()).addMapping("/");
        tomcat.start();
        return connector.getLocalPort();
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    /** Without a servlet Tomcat asks no filter, and its WebSockets are one. */
    private static final class Nothing extends HttpServlet {
        private static final long serialVersionUID = 1L;
    }
}
