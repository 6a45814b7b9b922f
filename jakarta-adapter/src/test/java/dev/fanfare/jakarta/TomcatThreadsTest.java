package dev.fanfare.jakarta;

/** On Tomcat 10.1 and 11 with the ten threads that it keeps when it is quiet: they tell the end of asynchronous sends, too. */
final class TomcatThreadsTest extends ThreadsContract {
    TomcatThreadsTest() {
        super(deployment -> new EmbeddedTomcat(deployment, 10));
    }
}
