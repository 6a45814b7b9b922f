/** A WAR with CDI: a room and a diary that reach every node, and an endpoint that is the container's own business. */
@NullMarked
package dev.fanfare.servers;

import org.jspecify.annotations.NullMarked;
