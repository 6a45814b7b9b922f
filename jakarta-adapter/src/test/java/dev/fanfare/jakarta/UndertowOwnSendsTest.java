package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowOwnSendsTest extends OwnSendsContract {
    UndertowOwnSendsTest() {
        super(EmbeddedUndertow::new);
    }
}
