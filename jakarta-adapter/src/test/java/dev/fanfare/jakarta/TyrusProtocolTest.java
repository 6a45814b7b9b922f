package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly, which has no filters. */
final class TyrusProtocolTest extends ProtocolContract {
    TyrusProtocolTest() {
        super(EmbeddedTyrus::new);
    }
}
