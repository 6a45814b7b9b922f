package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowMessagesTest extends MessageContract {
    UndertowMessagesTest() {
        super(EmbeddedUndertow::new);
    }
}
