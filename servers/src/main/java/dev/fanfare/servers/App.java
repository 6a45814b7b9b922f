package dev.fanfare.servers;

import dev.fanfare.jakarta.BroadcastApplication;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebListener;
import jakarta.websocket.server.ServerEndpointConfig;

/** The application: its hub is a bean, and so are the instances of endpoints whose class is one. */
@WebListener
public class App extends BroadcastApplication {

    @Override
    protected WebSocketHub createHub() {
        return CDI.current().select(WebSocketHub.class).get();
    }

    @Override
    protected <T> ServerEndpointConfig endpoint(WebSocketHub hub, Class<T> type) {
        Instance<T> beans = CDI.current().select(type);
        return beans.isResolvable() ? hub.endpoint(type, beans::get, beans::destroy) : hub.endpoint(type);
    }
}
