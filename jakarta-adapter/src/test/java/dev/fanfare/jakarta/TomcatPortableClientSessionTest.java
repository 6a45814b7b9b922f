package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11, by the standard API alone. */
final class TomcatPortableClientSessionTest extends ClientSessionContract {
    TomcatPortableClientSessionTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    Class<?> sender() {
        return BlockingSender.class;
    }

    @Override
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        return builder.fastPaths(false);
    }
}
