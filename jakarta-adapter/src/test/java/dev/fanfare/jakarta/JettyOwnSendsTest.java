package dev.fanfare.jakarta;

/** On Jetty 12, EE 10 and EE 11. */
final class JettyOwnSendsTest extends OwnSendsContract {
    JettyOwnSendsTest() {
        super(EmbeddedJetty::new);
    }
}
