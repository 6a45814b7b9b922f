package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatClusterTest extends ClusterContract {
    TomcatClusterTest() {
        super(EmbeddedTomcat::new);
    }
}
