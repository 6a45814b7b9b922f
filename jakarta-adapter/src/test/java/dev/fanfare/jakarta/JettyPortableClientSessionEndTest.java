package dev.fanfare.jakarta;

/** On Jetty 12, EE 10 and EE 11, by the standard API alone. */
final class JettyPortableClientSessionEndTest extends ClientSessionEndContract {
    JettyPortableClientSessionEndTest() {
        super(EmbeddedJetty::new);
    }

    @Override
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        return builder.fastPaths(false);
    }
}
