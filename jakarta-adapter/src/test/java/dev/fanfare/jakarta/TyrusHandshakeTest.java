package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly, whose extension is a dependency of its own. */
final class TyrusHandshakeTest extends HandshakeContract {
    TyrusHandshakeTest() {
        super(EmbeddedTyrus::new, false);
    }
}
