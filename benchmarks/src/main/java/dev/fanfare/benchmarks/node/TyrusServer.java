package dev.fanfare.benchmarks.node;

import java.util.Map;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;

/** Tyrus on Grizzly. */
final class TyrusServer implements Server {

    private final TyrusServerContainer tyrus =
            (TyrusServerContainer) ServerContainerFactory.createServerContainer(Map.of());

    @Override
    public int start(Deployment deployment) throws Exception {
        deployment.to(tyrus);
        tyrus.start("/", 0);
        return tyrus.getPort();
    }

    @Override
    public void close() {
        tyrus.stop();
    }
}
