package dev.fanfare.jakarta;

/** Runs that go by Tomcat's wrapper from their first byte on, as they do where TLS is in between. */
final class TomcatNio2FastPathTest extends FastPathContract {
    TomcatNio2FastPathTest() {
        super(EmbeddedTomcat::nio2);
    }

    @Override
    Class<?> sender() {
        return TomcatPath.Sender.class;
    }
}
