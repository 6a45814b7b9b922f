package dev.fanfare.jakarta;

final class JettySelfTestTest extends SelfTestContract {
    JettySelfTestTest() {
        super(EmbeddedJetty::new, JettyPath::new);
    }

    @Override
    Class<?> sender() {
        return JettyPath.Sender.class;
    }
}
