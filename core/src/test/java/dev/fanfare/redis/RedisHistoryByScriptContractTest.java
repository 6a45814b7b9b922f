package dev.fanfare.redis;

/** The same by the script. */
class RedisHistoryByScriptContractTest extends RedisHistoryContractTest {

    @Override
    RedisBroadcaster.Builder builder() {
        return super.builder().scriptsOnly();
    }
}
