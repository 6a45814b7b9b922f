package dev.fanfare.jakarta;

import jakarta.websocket.DeploymentException;
import java.io.IOException;
import java.util.Map;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;

/** Tyrus 2.2 on Grizzly. */
final class EmbeddedTyrus implements Container {
    private final TyrusServerContainer tyrus =
            (TyrusServerContainer) ServerContainerFactory.createServerContainer(Map.of());

    EmbeddedTyrus(Deployment deployment) {
        try {
            deployment.to(tyrus);
            tyrus.start("/", 0);
        } catch (DeploymentException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int port() {
        return tyrus.getPort();
    }

    @Override
    public void close() {
        tyrus.stop();
    }
}
