package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowHandshakeTest extends HandshakeContract {
    UndertowHandshakeTest() {
        super(EmbeddedUndertow::new, true);
    }
}
