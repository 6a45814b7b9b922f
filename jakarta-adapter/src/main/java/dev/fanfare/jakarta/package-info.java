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
 * <h2>Endpoints of a hub</h2>
 *
 * <p>What {@link dev.fanfare.jakarta.WebSocketHub#endpoint(Class)} makes of a class works alike on all containers. The
 * annotated methods work as in the specification. What an {@code @OnMessage} returns goes to the sender, through its outbox,
 * or with {@code Broadcast} to all sessions of a channel. What a method, decoder or encoder throws goes to {@code @OnError},
 * or to the log if there is none, and the session stays open, unless {@code @OnOpen} threw: then it is closed with 1011.
 * {@code @OnClose} is called once, whoever closes, and none is needed: a session that ended leaves its channels.
 *
 * <p>The methods get a view of the container's session, always the same: what is sent through it takes its turn in the
 * session's outbox, so it never meets a broadcast; see docs/annotations.md. Messages of the hub wait until {@code @OnOpen}
 * has returned, which owes that within the {@linkplain dev.fanfare.jakarta.WebSocketHub.Builder#sendTimeout send timeout}.
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
