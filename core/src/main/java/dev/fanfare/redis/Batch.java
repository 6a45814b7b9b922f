package dev.fanfare.redis;

import java.util.List;

/** What is to be written, and where. */
record Batch(RedisLink link, List<Command> commands) {}
