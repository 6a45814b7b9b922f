package dev.fanfare.jakarta;

final class UndertowSelfTestTest extends SelfTestContract {
    UndertowSelfTestTest() {
        super(EmbeddedUndertow::new, UndertowPath::new);
    }

    @Override
    Class<?> sender() {
        return UndertowPath.Sender.class;
    }
}
