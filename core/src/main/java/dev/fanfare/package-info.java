/**
 * Sessions join channels, and a message broadcast to a channel reaches every session that joined it, on every node.
 *
 * <p>The way of a message, one file each:
 *
 * <pre>
 * Hub.broadcast → Broadcaster.publish → (Redis) → Inbound → Lane → Outbox → ClientSession.send
 * </pre>
 */
@NullMarked
package dev.fanfare;

import org.jspecify.annotations.NullMarked;
