package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatProtocolTest extends ProtocolContract {
    TomcatProtocolTest() {
        super(EmbeddedTomcat::new);
    }
}
