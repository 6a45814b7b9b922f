package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatSessionsTest extends SessionContract {
    TomcatSessionsTest() {
        super(EmbeddedTomcat::new);
    }
}
