package dev.fanfare.jakarta;

import java.util.Map;

/** On Tomcat 10.1 and 11, by the standard API message by message. */
final class TomcatPortableClientSessionTest extends ClientSessionContract {
    TomcatPortableClientSessionTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        builder.paths = new FastPaths(Map.of(), "none");
        return builder;
    }
}
