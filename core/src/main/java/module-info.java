/** Hub, outboxes and session registry; broadcasters within one JVM and over Redis Pub/Sub; events as JSON. */
module dev.fanfare {
    requires static com.fasterxml.jackson.databind; // either Jackson, or none, for Json.codec
    requires static org.jspecify;
    requires static tools.jackson.databind;
    requires transitive redis.clients.jedis; // RedisBroadcaster.Builder takes its address and configuration

    exports dev.fanfare;
    exports dev.fanfare.json;
    exports dev.fanfare.redis;
}
