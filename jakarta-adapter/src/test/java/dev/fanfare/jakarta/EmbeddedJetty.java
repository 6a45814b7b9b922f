package dev.fanfare.jakarta;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty 12, ee10 or ee11: the same classes in packages of different names. */
final class EmbeddedJetty implements Container {
    private static final String PACKAGE = "org.eclipse.jetty." + System.getProperty("jetty.ee", "ee11");

    private final Server jetty = new Server(0);

    EmbeddedJetty(Deployment deployment) {
        try {
            jetty.setHandler(application(deployment));
            jetty.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Handler application(Deployment deployment) throws ReflectiveOperationException {
        var webSockets = (ServletContainerInitializer)
                create("websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer");
        ServletContainerInitializer endpoints = (classes, servlets) -> {
            try {
                deployment.to((ServerContainer) servlets.getAttribute(ServerContainer.class.getName()));
                deployment.to(servlets);
            } catch (DeploymentException e) {
                throw new ServletException(e);
            }
        };
        Object application = create("servlet.ServletContextHandler");
        var add = application.getClass().getMethod("addServletContainerInitializer", ServletContainerInitializer.class);
        add.invoke(application, webSockets);
        add.invoke(application, endpoints);
        return (Handler) application;
    }

    private static Object create(String type) throws ReflectiveOperationException {
        return Class.forName(PACKAGE + "." + type).getConstructor().newInstance();
    }

    @Override
    public int port() {
        return ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
    }

    @Override
    public void close() {
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
