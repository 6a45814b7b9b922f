package dev.fanfare.jakarta;

/** On Jetty 12.0 (ee10) and 12.1 (ee11). */
final class JettyAuthorizerTest extends AuthorizerContract {
    JettyAuthorizerTest() {
        super(EmbeddedJetty::new, true);
    }
}
