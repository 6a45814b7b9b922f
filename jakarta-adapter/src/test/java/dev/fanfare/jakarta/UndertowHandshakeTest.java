package dev.fanfare.jakarta;

/** On Undertow 2.3, which tells endpoints with a configuration of no extension of its own. */
final class UndertowHandshakeTest extends HandshakeContract {
    UndertowHandshakeTest() {
        super(EmbeddedUndertow::new, false);
    }
}
