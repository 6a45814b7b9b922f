package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatOwnSendsTest extends OwnSendsContract {
    TomcatOwnSendsTest() {
        super(EmbeddedTomcat::new);
    }
}
