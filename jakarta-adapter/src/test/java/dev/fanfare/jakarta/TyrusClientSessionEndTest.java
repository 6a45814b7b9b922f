package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly. */
final class TyrusClientSessionEndTest extends ClientSessionEndContract {
    TyrusClientSessionEndTest() {
        super(EmbeddedTyrus::new);
    }
}
