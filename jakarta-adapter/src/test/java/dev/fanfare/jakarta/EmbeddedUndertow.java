package dev.fanfare.jakarta;

import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletException;
import jakarta.websocket.DeploymentException;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Undertow 2.3, with messages on worker threads, as on WildFly. */
final class EmbeddedUndertow implements Container {
    private final DeploymentManager application;
    private final XnioWorker worker;
    private final Undertow undertow;

    EmbeddedUndertow(Deployment deployment) {
        this(deployment, true);
    }

    /** With messages on worker threads or, by Undertow's default, on I/O threads. */
    EmbeddedUndertow(Deployment deployment, boolean workers) {
        try {
            worker = Xnio.getInstance().createWorker(OptionMap.EMPTY);
            application = Servlets.defaultContainer().addDeployment(application(deployment, workers));
            application.deploy();
            undertow = Undertow.builder()
                    .setWorker(worker)
                    .addHttpListener(0, "0.0.0.0")
                    .setHandler(application.start())
                    .build();
        } catch (IOException | ServletException e) {
            throw new IllegalStateException(e);
        }
        undertow.start();
    }

    private DeploymentInfo application(Deployment deployment, boolean workers) {
        // On its I/O threads, the default, an endpoint may not write with getBasicRemote: UT000094.
        var webSockets = new WebSocketDeploymentInfo()
                .setDispatchToWorkerThread(workers)
                .setWorker(worker)
                .setBuffers(new DefaultByteBufferPool(true, 16_384))
                .addExtension(new PerMessageDeflateHandshake()) // which Undertow does not know by itself
                .addListener(container -> {
                    try {
                        deployment.to(container);
                    } catch (DeploymentException e) {
                        throw new IllegalStateException(e);
                    }
                });
        return Servlets.deployment()
                .setClassLoader(EmbeddedUndertow.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("application")
                .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, webSockets);
    }

    @Override
    public int port() {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        undertow.stop();
        try {
            application.stop();
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
        application.undeploy();
        worker.shutdownNow();
    }
}
