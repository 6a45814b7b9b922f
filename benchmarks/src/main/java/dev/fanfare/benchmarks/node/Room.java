package dev.fanfare.benchmarks.node;

import dev.fanfare.jakarta.WebSocketHub;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;

/** The chat with rooms: what one says is broadcast to all sessions of the room, on every node. */
@ServerEndpoint("/rooms/{room}")
public class Room {
    private final WebSocketHub hub;

    /** For the hub, which makes one for each session. */
    public Room(WebSocketHub hub) {
        this.hub = hub;
    }

    /** Joins. */
    @OnOpen
    public void open(Session session, @PathParam("room") String room) {
        hub.join(session, room);
    }

    /** Broadcasts. */
    @OnMessage
    public void message(String text, @PathParam("room") String room) {
        hub.broadcast(room, text);
    }
}
