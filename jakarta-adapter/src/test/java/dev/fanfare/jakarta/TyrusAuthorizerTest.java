package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly, which has no filters. */
final class TyrusAuthorizerTest extends AuthorizerContract {
    TyrusAuthorizerTest() {
        super(EmbeddedTyrus::new, false);
    }
}
