package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatMessagesTest extends MessageContract {
    TomcatMessagesTest() {
        super(EmbeddedTomcat::new);
    }
}
