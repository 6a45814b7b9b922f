package dev.fanfare.benchmarks.node;

import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.websocket.DeploymentException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Undertow with the settings of docs/containers.md. */
final class UndertowServer implements Server {

    private @Nullable Undertow undertow;
    private @Nullable XnioWorker worker;

    @Override
    public int start(Deployment deployment) throws Exception {
        var workers = Xnio.getInstance().createWorker(OptionMap.EMPTY);
        worker = workers;
        var webSockets = new WebSocketDeploymentInfo()
                .setDispatchToWorkerThread(true)
                .setWorker(workers)
                .setBuffers(new DefaultByteBufferPool(true, 16_384))
                .addListener(container -> {
                    try {
                        deployment.to(container);
                    } catch (DeploymentException e) {
                        throw new IllegalStateException(e);
                    }
                });
        var application = Servlets.newContainer()
                .addDeployment(Servlets.deployment()
                        .setClassLoader(UndertowServer.class.getClassLoader())
                        .setContextPath("/")
                        .setDeploymentName("load")
                        .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, webSockets));
        application.deploy();
        var server = Undertow.builder()
                .setWorker(workers)
                .setSocketOption(Options.BACKLOG, 4096)
                .addHttpListener(0, "127.0.0.1")
                .setHandler(application.start())
                .build();
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
