package dev.fanfare.jakarta;

final class UndertowFastPathTest extends FastPathContract {
    UndertowFastPathTest() {
        super(EmbeddedUndertow::new);
    }

    @Override
    Class<?> sender() {
        return UndertowPath.Sender.class;
    }

    @Override
    boolean compresses() {
        return false; // it tells endpoints with a configuration of no extension of its own
    }
}
