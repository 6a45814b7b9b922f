package dev.fanfare.examples.containers;

import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import java.io.IOException;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Embedded Undertow for many sessions; the worker is that of the server. */
public final class UndertowSettings {
    private UndertowSettings() {}

    /** A worker for the server, as Undertow makes it where it is given none. */
    public static XnioWorker worker() throws IOException {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors()); // one by default, for all sessions
        return Xnio.getInstance().createWorker(OptionMap.create(Options.WORKER_IO_THREADS, threads));
    }

    /** To be called before Undertow is built. */
    public static void manySessions(Undertow.Builder undertow, XnioWorker worker) {
        undertow.setWorker(worker);
        undertow.setSocketOption(Options.BACKLOG, 4096); // all clients of a lost node come back within a second; 1,000
    }

    /** To be called before the application is deployed. */
    public static void manySessions(WebSocketDeploymentInfo webSockets, XnioWorker worker) {
        webSockets.setWorker(worker);
        webSockets.setBuffers(new DefaultByteBufferPool(true, 16_384)); // of threads, not of sessions
        webSockets.setDispatchToWorkerThread(true); // otherwise messages come on threads that must never wait
    }
}
