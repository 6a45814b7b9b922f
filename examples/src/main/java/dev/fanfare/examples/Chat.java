package dev.fanfare.examples;

import dev.fanfare.jakarta.WebSocketHub;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;

/** The chat: whoever opens the page joins, and what one says is broadcast to all, on every node. */
@ServerEndpoint(value = "/chat", subprotocols = WebSocketHub.SUBPROTOCOL)
public class Chat {
    private final WebSocketHub hub;

    public Chat(WebSocketHub hub) {
        this.hub = hub;
    }

    @OnOpen
    public void open(Session session) {
        hub.join(session, "chat");
    }

    @OnMessage
    public void message(String text) {
        hub.broadcast("chat", text);
    }
}
