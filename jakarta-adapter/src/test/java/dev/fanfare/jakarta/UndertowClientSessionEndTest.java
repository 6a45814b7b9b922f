package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowClientSessionEndTest extends ClientSessionEndContract {
    UndertowClientSessionEndTest() {
        super(EmbeddedUndertow::new);
    }

    @Override
    Class<?> sender() {
        return UndertowPath.Sender.class;
    }
}
