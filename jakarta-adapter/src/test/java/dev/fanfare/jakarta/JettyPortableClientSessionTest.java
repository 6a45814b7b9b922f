package dev.fanfare.jakarta;

/** On Jetty 12, EE 10 and EE 11, by the standard API alone. */
final class JettyPortableClientSessionTest extends ClientSessionContract {
    JettyPortableClientSessionTest() {
        super(EmbeddedJetty::new);
    }

    @Override
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        return builder.fastPaths(false);
    }
}
