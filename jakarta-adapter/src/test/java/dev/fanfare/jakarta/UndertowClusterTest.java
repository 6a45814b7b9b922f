package dev.fanfare.jakarta;

/** On Undertow 2.3. */
final class UndertowClusterTest extends ClusterContract {
    UndertowClusterTest() {
        super(EmbeddedUndertow::new);
    }
}
