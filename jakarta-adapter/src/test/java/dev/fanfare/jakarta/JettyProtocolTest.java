package dev.fanfare.jakarta;

/** On Jetty 12.0 (ee10) and 12.1 (ee11). */
final class JettyProtocolTest extends ProtocolContract {
    JettyProtocolTest() {
        super(EmbeddedJetty::new);
    }
}
