package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly. */
final class TyrusMessagesTest extends MessageContract {
    TyrusMessagesTest() {
        super(EmbeddedTyrus::new);
    }
}
