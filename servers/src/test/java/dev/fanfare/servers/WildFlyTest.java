package dev.fanfare.servers;

final class WildFlyTest extends ServerContract {
    WildFlyTest() {
        super(WildFly::start);
    }
}
