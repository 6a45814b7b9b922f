/**
 * Jakarta WebSocket sessions and annotated endpoints that broadcast across nodes, on any container.
 *
 * <p>An application holds a {@link dev.fanfare.jakarta.WebSocketHub} and deploys its endpoint classes through it. A class with
 * {@link dev.fanfare.jakarta.Broadcast} needs no more than its {@code @OnMessage}: its sessions join a channel, and what
 * the method returns goes to all of them. {@link dev.fanfare.jakarta.QueryParam} hands it query parameters, and the {@link
 * dev.fanfare.jakarta.HandshakeFilter} tells clients over HTTP what their handshake lacks. In a WAR whose container
 * scans for endpoints, {@link dev.fanfare.jakarta.BroadcastApplication} deploys them. Everything but these two works without
 * the servlet API.
 *
 * <p>An {@code @OnMessage} that takes whole messages takes those up to the hub's {@code messageBytes}, or to its {@code
 * maxMessageSize} if that is less; a longer one closes its session with 1009. One that takes parts has no limit but its
 * {@code maxMessageSize}. Decoders and encoders are made for each session, and destroyed with it.
 *
 * <p>Handshakes from pages of other hosts are refused, unless {@code allowOrigins} of the hub's builder names them; the
 * configurator that the endpoint names has to agree, too. No WebSocket extension is negotiated unless it does so, or {@code
 * permessageDeflate} of the builder says it.
 */
@NullMarked
package dev.fanfare.jakarta;

import org.jspecify.annotations.NullMarked;
