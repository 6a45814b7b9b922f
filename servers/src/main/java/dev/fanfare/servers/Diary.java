package dev.fanfare.servers;

import dev.fanfare.jakarta.Broadcast;
import dev.fanfare.jakarta.QueryParam;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;

/** Each session has a bean of its own, which writes down its life. */
@Dependent
@ServerEndpoint("/diaries/{diary}")
@Broadcast("diary.{diary}")
public class Diary {

    @Inject
    Pages pages;

    private String writer = "nobody";

    @OnOpen
    public void open(@PathParam("diary") String diary, @QueryParam("username") String username) {
        writer = diary + "/" + username;
        pages.write(writer + " open");
    }

    @OnMessage
    public String message(@QueryParam("username") String username, String text) {
        return username + ": " + text;
    }

    @OnClose
    public void close() {
        pages.write(writer + " close");
    }

    @PreDestroy
    void destroy() {
        pages.write(writer + " destroyed");
    }
}
