package dev.fanfare.jakarta;

final class TomcatSelfTestTest extends SelfTestContract {
    TomcatSelfTestTest() {
        super(EmbeddedTomcat::new, TomcatPath::new);
    }

    @Override
    Class<?> sender() {
        return TomcatPath.Sender.class;
    }
}
