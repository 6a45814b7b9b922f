package dev.fanfare.benchmarks.node;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat with the settings of docs/containers.md. */
final class TomcatServer implements Server {

    private static final String WEBSOCKET = "org.apache.tomcat.websocket.";

    private final Tomcat tomcat = new Tomcat();

    @Override
    public int start(Deployment deployment) throws Exception {
        System.setProperty(WEBSOCKET + "DEFAULT_BUFFER_SIZE", "1024");
        Path directory = Files.createTempDirectory("fanfare-load-tomcat-");
        directory.toFile().deleteOnExit();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        var connector = tomcat.getConnector();
        connector.setThrowOnFailure(true);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxConnections", "-1");
        connector.setProperty("acceptCount", "4096");
        connector.setProperty("socket.appReadBufSize", "1024");
        connector.setProperty("socket.appWriteBufSize", "1024");
        var context = tomcat.addContext("", null);
        context.addParameter(WEBSOCKET + "textBufferSize", "1024");
        context.addParameter(WEBSOCKET + "binaryBufferSize", "128");
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
