/** A broadcaster over Redis Pub/Sub, and the only package that imports Jedis. */
@NullMarked
package dev.fanfare.redis;

import org.jspecify.annotations.NullMarked;
