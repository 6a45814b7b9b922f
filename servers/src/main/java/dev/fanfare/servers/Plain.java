package dev.fanfare.servers;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** No endpoint of a hub. */
@ServerEndpoint("/plain")
public class Plain {
    @OnMessage
    public String message(String text) {
        return "plain " + text;
    }
}
