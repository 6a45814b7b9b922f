package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly. */
final class TyrusCloseTest extends CloseContract {
    TyrusCloseTest() {
        super(EmbeddedTyrus::new);
    }
}
