package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatClientSessionEndTest extends ClientSessionEndContract {
    TomcatClientSessionEndTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    Class<?> sender() {
        return TomcatPath.Sender.class;
    }
}
