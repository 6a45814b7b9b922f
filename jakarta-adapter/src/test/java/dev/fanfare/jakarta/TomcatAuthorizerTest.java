package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11. */
final class TomcatAuthorizerTest extends AuthorizerContract {
    TomcatAuthorizerTest() {
        super(EmbeddedTomcat::new, true);
    }
}
