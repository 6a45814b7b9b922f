package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatClientSessionTest extends ClientSessionContract {
    TomcatClientSessionTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    Class<?> sender() {
        return TomcatPath.Sender.class;
    }
}
