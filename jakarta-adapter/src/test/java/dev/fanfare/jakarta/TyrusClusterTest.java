package dev.fanfare.jakarta;

/** On Tyrus 2.2 on Grizzly. */
final class TyrusClusterTest extends ClusterContract {
    TyrusClusterTest() {
        super(EmbeddedTyrus::new);
    }
}
