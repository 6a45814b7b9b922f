package dev.fanfare.jakarta;

final class TomcatFastPathTest extends FastPathContract {
    TomcatFastPathTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    Class<?> sender() {
        return TomcatPath.Sender.class;
    }
}
