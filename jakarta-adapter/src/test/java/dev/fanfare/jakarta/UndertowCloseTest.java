package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowCloseTest extends CloseContract {
    UndertowCloseTest() {
        super(EmbeddedUndertow::new);
    }
}
