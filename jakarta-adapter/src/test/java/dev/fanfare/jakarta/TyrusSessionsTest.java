package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly. */
final class TyrusSessionsTest extends SessionContract {
    TyrusSessionsTest() {
        super(EmbeddedTyrus::new);
    }
}
