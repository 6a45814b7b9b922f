module consumer {
    requires dev.fanfare.jakarta;
    requires jakarta.servlet;
    requires java.logging;
    requires java.net.http;
    requires org.eclipse.jetty.ee11.servlet;
    requires org.eclipse.jetty.ee11.websocket.jakarta.server;
    requires org.eclipse.jetty.server;
    requires tools.jackson.databind;

    exports consumer;
}
