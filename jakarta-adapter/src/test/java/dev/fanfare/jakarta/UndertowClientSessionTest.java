package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowClientSessionTest extends ClientSessionContract {
    UndertowClientSessionTest() {
        super(EmbeddedUndertow::new);
    }

    @Override
    Class<?> sender() {
        return UndertowPath.Sender.class;
    }
}
