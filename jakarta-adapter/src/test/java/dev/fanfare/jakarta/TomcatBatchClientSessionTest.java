package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11, by the standard API in batches. */
final class TomcatBatchClientSessionTest extends ClientSessionContract {
    TomcatBatchClientSessionTest() {
        super(EmbeddedTomcat::new);
    }

    @Override
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        return builder.fastPaths(false);
    }

    @Override
    Class<?> sender() {
        return Batches.Sender.class;
    }
}
