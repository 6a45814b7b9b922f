package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowAuthorizerTest extends AuthorizerContract {
    UndertowAuthorizerTest() {
        super(EmbeddedUndertow::new, false);
    }
}
