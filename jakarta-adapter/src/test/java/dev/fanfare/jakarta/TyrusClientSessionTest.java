package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly. */
final class TyrusClientSessionTest extends ClientSessionContract {
    TyrusClientSessionTest() {
        super(EmbeddedTyrus::new);
    }
}
