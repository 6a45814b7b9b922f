package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowSessionsTest extends SessionContract {
    UndertowSessionsTest() {
        super(EmbeddedUndertow::new);
    }
}
