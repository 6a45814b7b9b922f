package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly. */
final class TyrusHandshakeTest extends HandshakeContract {
    TyrusHandshakeTest() {
        super(EmbeddedTyrus::new);
    }
}
