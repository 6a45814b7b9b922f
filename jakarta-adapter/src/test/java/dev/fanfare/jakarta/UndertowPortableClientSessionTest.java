package dev.fanfare.jakarta;

/** On Undertow 2.3, by the standard API alone. */
final class UndertowPortableClientSessionTest extends ClientSessionContract {
    UndertowPortableClientSessionTest() {
        super(EmbeddedUndertow::new);
    }

    @Override
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        return builder.fastPaths(false);
    }
}
