/** Jakarta WebSocket sessions and annotated endpoints that broadcast across nodes, on any container. */
module dev.fanfare.jakarta {
    requires transitive dev.fanfare;
    requires transitive jakarta.websocket;
    requires transitive jakarta.websocket.client;
    requires static jakarta.servlet; // HandshakeFilter and BroadcastApplication alone
    requires static org.eclipse.jetty.websocket.core.common; // JettyPath alone
    requires static org.jspecify;

    exports dev.fanfare.jakarta;
}
