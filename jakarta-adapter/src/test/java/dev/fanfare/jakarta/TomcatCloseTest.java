package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatCloseTest extends CloseContract {
    TomcatCloseTest() {
        super(EmbeddedTomcat::new);
    }
}
