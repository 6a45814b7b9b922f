package dev.fanfare.servers;

import dev.fanfare.examples.room.Room;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the tests want to know, one fact a line. */
@WebServlet("/status")
public class Status extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Inject
    private transient WebSocketHub hub;

    @Inject
    private transient Pages pages;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        Object published = getServletContext().getAttribute(WebSocketHub.class.getName());
        out.println(published == hub ? "the bean is the published hub" : "another hub");
        out.println("connected " + hub.stats().connected());
        out.println("room " + hash());
        for (String channel : hub.sessions().channels()) {
            out.println(channel + " " + hub.sessions().count(channel));
        }
        pages.all().forEach(out::println);
    }

    private static String hash() throws IOException {
        try (InputStream in = Room.class.getResourceAsStream("Room.class")) {
            byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }
}
