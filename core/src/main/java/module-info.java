/** Hub, outboxes and session registry; broadcasters within one JVM and over Redis Pub/Sub. */
module dev.fanfare {
    requires static org.jspecify;
    requires transitive redis.clients.jedis; // RedisBroadcaster.Builder takes its address and configuration

    exports dev.fanfare;
    exports dev.fanfare.redis;
}
