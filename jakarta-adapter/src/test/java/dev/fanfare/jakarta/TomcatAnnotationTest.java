package dev.fanfare.jakarta;

/** On Tomcat 11. */
final class TomcatAnnotationTest extends AnnotationContract {
    TomcatAnnotationTest() {
        super(EmbeddedTomcat::new);
    }
}
