package dev.fanfare.jakarta;

/** On Undertow 2.3 with messages on I/O threads, which may not wait at all. */
final class UndertowThreadsTest extends ThreadsContract {
    UndertowThreadsTest() {
        super(deployment -> new EmbeddedUndertow(deployment, false));
    }
}
