package dev.fanfare.examples;

import dev.fanfare.examples.containers.UndertowSettings;
import dev.fanfare.jakarta.HandshakeFilter;
import dev.fanfare.jakarta.WebSocketHub;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioWorker;

/** Embedded Undertow, set up for many sessions that are quiet most of the time. */
final class UndertowContainer implements Container {
    private @Nullable XnioWorker worker;
    private @Nullable DeploymentManager application;
    private @Nullable Undertow undertow;

    @Override
    public int start(int port, WebSocketHub hub, List<Class<?>> endpoints, Site site) throws Exception {
        worker = UndertowSettings.worker();
        application = Servlets.newContainer().addDeployment(application(worker, hub, endpoints, site));
        application.deploy();
        Undertow.Builder builder =
                Undertow.builder().addHttpListener(port, "0.0.0.0").setHandler(application.start());
        UndertowSettings.manySessions(builder, worker);
        undertow = builder.build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            throw e.getCause() instanceof BindException taken ? taken : e;
        }
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    private static DeploymentInfo application(
            XnioWorker worker, WebSocketHub hub, List<Class<?>> endpoints, Site site) {
        var webSockets = new WebSocketDeploymentInfo();
        UndertowSettings.manySessions(webSockets, worker);
        endpoints.forEach(endpoint -> webSockets.addEndpoint(hub.endpoint(endpoint)));
        var servlets = new ImmediateInstanceFactory<>(new SiteServlet(site));
        var handshakes = new ImmediateInstanceFactory<>(new HandshakeFilter(hub));
        return Servlets.deployment()
                .setClassLoader(UndertowContainer.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("chat")
                .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, webSockets)
                .addFilter(Servlets.filter("handshakes", HandshakeFilter.class, handshakes)
                        .setAsyncSupported(true))
                .addFilterUrlMapping("handshakes", "/*", DispatcherType.REQUEST)
                .addServlet(
                        Servlets.servlet("site", SiteServlet.class, servlets).addMapping("/"));
    }

    @Override
    public void close() {
        if (undertow != null) {
            undertow.stop();
        }
        try {
            if (application != null) {
                application.stop();
                application.undeploy();
            }
            if (worker != null) {
                worker.shutdownNow();
                worker.awaitTermination(5, TimeUnit.SECONDS);
            }
        } catch (ServletException e) {
            throw new IllegalStateException("Undertow did not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
