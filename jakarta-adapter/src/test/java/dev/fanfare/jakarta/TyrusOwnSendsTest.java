package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly. */
final class TyrusOwnSendsTest extends OwnSendsContract {
    TyrusOwnSendsTest() {
        super(EmbeddedTyrus::new);
    }
}
