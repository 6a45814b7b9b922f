package dev.fanfare.servers;

final class OpenLibertyTest extends ServerContract {
    OpenLibertyTest() {
        super(OpenLiberty::start);
    }
}
