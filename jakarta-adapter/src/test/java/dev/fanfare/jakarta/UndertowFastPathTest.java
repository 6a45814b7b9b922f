package dev.fanfare.jakarta;

final class UndertowFastPathTest extends FastPathContract {
    UndertowFastPathTest() {
        super(EmbeddedUndertow::new);
    }

    @Override
    Class<?> sender() {
        return UndertowPath.Sender.class;
    }
}
