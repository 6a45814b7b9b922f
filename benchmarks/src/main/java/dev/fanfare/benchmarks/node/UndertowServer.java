package dev.fanfare.benchmarks.node;

import dev.fanfare.examples.containers.UndertowSettings;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.websocket.DeploymentException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioWorker;

/** Undertow. */
final class UndertowServer implements Server {

    private final boolean tuned;
    private @Nullable Undertow undertow;
    private @Nullable XnioWorker worker;

    UndertowServer(boolean tuned) {
        this.tuned = tuned;
    }

    @Override
    public int start(Deployment deployment) throws Exception {
        var workers = UndertowSettings.worker();
        worker = workers;
        var webSockets = new WebSocketDeploymentInfo().addListener(container -> {
            try {
                deployment.to(container);
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        });
        if (tuned) {
            UndertowSettings.manySessions(webSockets, workers);
        } else { // it does not start without them
            webSockets.setWorker(workers).setBuffers(new DefaultByteBufferPool(true, 16_384));
        }
        var application = Servlets.newContainer()
                .addDeployment(Servlets.deployment()
                        .setClassLoader(UndertowServer.class.getClassLoader())
                        .setContextPath("/")
                        .setDeploymentName("load")
                        .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, webSockets));
        application.deploy();
        var builder = Undertow.builder()
                .setWorker(workers)
                .addHttpListener(0, "127.0.0.1")
                .setHandler(application.start());
        if (tuned) {
            UndertowSettings.manySessions(builder, workers);
        }
        var server = builder.build();
        undertow = server;
        server.start();
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        if (undertow != null) {
            undertow.stop();
        }
        if (worker != null) {
            worker.shutdownNow();
        }
    }
}
