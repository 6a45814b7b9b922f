package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowProtocolTest extends ProtocolContract {
    UndertowProtocolTest() {
        super(EmbeddedUndertow::new);
    }
}
