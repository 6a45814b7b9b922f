package dev.fanfare.jakarta;

/** On Jetty 12. */
final class JettyAnnotationTest extends AnnotationContract {
    JettyAnnotationTest() {
        super(EmbeddedJetty::new);
    }
}
