package consumer;

import jakarta.servlet.ServletException;
import jakarta.websocket.server.ServerContainer;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat on a free port. */
final class Container implements AutoCloseable {

    interface Deployment {
        void to(ServerContainer serverContainer) throws Exception;
    }

    private final Tomcat tomcat = new Tomcat();

    Container(Deployment deployment) throws Exception {
        tomcat.setBaseDir("target");
        tomcat.setPort(0);
        tomcat.getConnector();
        var context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet")
                .addMapping("/");
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, servlets) -> {
                    try {
                        deployment.to((ServerContainer) servlets.getAttribute(ServerContainer.class.getName()));
                    } catch (Exception e) {
                        throw new ServletException(e);
                    }
                },
                null);
        tomcat.start();
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }
}
