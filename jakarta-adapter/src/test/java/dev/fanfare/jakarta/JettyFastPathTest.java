package dev.fanfare.jakarta;

final class JettyFastPathTest extends FastPathContract {
    JettyFastPathTest() {
        super(EmbeddedJetty::new);
    }

    @Override
    Class<?> sender() {
        return JettyPath.Sender.class;
    }
}
