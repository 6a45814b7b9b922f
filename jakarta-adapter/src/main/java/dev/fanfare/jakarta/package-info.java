/**
 * Jakarta WebSocket sessions and annotated endpoints that broadcast across nodes, on any container.
 *
 * <p>An application holds a {@link dev.fanfare.jakarta.WebSocketHub} and deploys its endpoint classes through it. A class with
 * {@link dev.fanfare.jakarta.Broadcast} needs no more than its {@code @OnMessage}: its sessions join a channel, and what
 * the method returns goes to all of them. {@link dev.fanfare.jakarta.QueryParam} hands it query parameters, and the {@link
 * dev.fanfare.jakarta.HandshakeFilter} tells clients over HTTP what their handshake lacks. Everything but that filter
 * works without the servlet API.
 *
 * <h2>Endpoints of a hub</h2>
 *
 * <p>What {@link dev.fanfare.jakarta.WebSocketHub#endpoint(Class)} makes of a class works alike on all containers. The
 * annotated methods work as in the specification. What an {@code @OnMessage} returns goes to the sender, through its outbox,
 * or with {@code Broadcast} to all sessions of a channel. What a method, decoder or encoder throws goes to {@code @OnError},
 * or to the log if there is none, and the session stays open, unless {@code @OnOpen} threw: then it is closed with 1011.
 * {@code @OnClose} is called once, whoever closes, and none is needed: a session that ended leaves its channels.
 *
 * <p>Messages of the hub wait until {@code @OnOpen} has returned, which may so use {@code session.getBasicRemote()}, and
 * owes to return within the {@linkplain dev.fanfare.jakarta.WebSocketHub.Builder#sendTimeout send timeout}. After that use
 * the hub's {@code send}, which keeps out of the way of broadcasts.
 *
 * <p>An {@code @OnMessage} that takes whole messages takes those up to the hub's {@linkplain
 * dev.fanfare.jakarta.WebSocketHub.Builder#messageBytes limit}, or to its {@code maxMessageSize} if that is less; a longer
 * one closes its session with 1009. One that takes parts has no limit but its {@code maxMessageSize}. Decoders and encoders
 * are made for each session, and destroyed with it.
 *
 * <p>Handshakes from pages of other hosts are refused, see {@link
 * dev.fanfare.jakarta.WebSocketHub.Builder#allowOrigins}; the configurator that the class names has to agree, too.
 *
 * <p>No WebSocket extension is negotiated unless the class names a configurator, because permessage-deflate, which Tomcat
 * and Jetty accept by default, costs 150 to 300 KB of memory for each session.
 */
@NullMarked
package dev.fanfare.jakarta;

import org.jspecify.annotations.NullMarked;
