/**
 * Jakarta WebSocket sessions and annotated endpoints that broadcast across nodes, on any container.
 *
 * <p>An application holds a {@link dev.fanfare.jakarta.WebSocketHub} and deploys its endpoint classes through it. A class with
 * {@link dev.fanfare.jakarta.Broadcast} needs no more than its {@code @OnMessage}: its sessions join a channel, and what
 * the method returns goes to all of them. {@link dev.fanfare.jakarta.QueryParam} hands it query parameters, and the {@link
 * dev.fanfare.jakarta.HandshakeFilter} tells clients over HTTP what their handshake lacks. In a WAR whose container
 * scans for endpoints, {@link dev.fanfare.jakarta.BroadcastApplication} deploys them. Everything but these two works without
 * the servlet API.
 */
@NullMarked
package dev.fanfare.jakarta;

import org.jspecify.annotations.NullMarked;
