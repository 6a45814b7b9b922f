package dev.fanfare.jakarta;

/** On Jetty 12, EE 10 and EE 11. */
final class JettyClientSessionTest extends ClientSessionContract {
    JettyClientSessionTest() {
        super(EmbeddedJetty::new);
    }

    @Override
    Class<?> sender() {
        return JettyPath.Sender.class;
    }
}
