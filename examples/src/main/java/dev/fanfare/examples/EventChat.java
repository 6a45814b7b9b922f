package dev.fanfare.examples;

import dev.fanfare.Channel;
import dev.fanfare.jakarta.QueryParam;
import dev.fanfare.jakarta.WebSocketHub;
import dev.fanfare.json.Json;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.util.function.Function;

/** A chat of events: JSON between the nodes, lines of text for those who chat as {@code ws://host:port/?username=Alice}. */
@ServerEndpoint("/")
public class EventChat {
    public record Said(String username, String content) {}

    static final Channel<Said> CHAT = Channel.of("said", Json.codec(Said.class));
    /** Throws, and so skips the event, if there is no username or no content: anybody may write to Redis. */
    static final Function<Said, String> LINE =
            said -> said.username().concat(": ").concat(said.content());

    private final WebSocketHub hub;

    public EventChat(WebSocketHub hub) {
        this.hub = hub;
    }

    @OnOpen
    public void open(Session session) {
        hub.join(session, CHAT, LINE);
    }

    @OnMessage
    public void message(String text, @QueryParam("username") String username) {
        hub.broadcast(CHAT, new Said(username, text));
    }
}
