package dev.fanfare.examples.room;

import dev.fanfare.jakarta.Broadcast;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** A room: whoever is in it hears what one says, on every node. */
@ServerEndpoint("/rooms/{room}")
@Broadcast("room.{room}")
public class Room {
    @OnMessage
    public String message(String text) {
        return text;
    }
}
