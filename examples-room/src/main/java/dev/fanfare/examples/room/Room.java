package dev.fanfare.examples.room;

import dev.fanfare.jakarta.Broadcast;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** A room: whoever is in it hears what one says, on every node. */
@ServerEndpoint(value = "/rooms/{room}", subprotocols = WebSocketHub.SUBPROTOCOL)
@Broadcast("room.{room}")
public class Room {
    @OnMessage
    public String message(String text) {
        return text;
    }
}
