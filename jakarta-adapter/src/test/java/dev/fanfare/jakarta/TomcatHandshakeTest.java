package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatHandshakeTest extends HandshakeContract {
    TomcatHandshakeTest() {
        super(EmbeddedTomcat::new, true);
    }
}
