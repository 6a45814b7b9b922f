package dev.fanfare.examples;

import dev.fanfare.fixtures.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Somebody in the chat, on a plain WebSocket. For one thread. */
final class Visitor implements WebSocket.Listener, AutoCloseable {
    private static final String ARRIVAL = "arrival ";

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    /** Opens a session of the chat, and returns when it has joined. */
    Visitor(int port) {
        this(port, "/chat");
    }

    /** Opens a session at that path, and returns when it has joined. */
    Visitor(int port, String path) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + port + path), this)
                .join();
        String arrival = ARRIVAL + UUID.randomUUID();
        say(arrival);
        Await.until("a session hears its own first message", () -> arrival.equals(heard.poll()));
    }

    void say(String text) {
        socket.sendText(text, true).join();
    }

    /** The next message that is not somebody's arrival, or null if there is none for ten seconds. */
    @Nullable
    String hear() throws InterruptedException {
        while (true) {
            String text = heard.poll(10, TimeUnit.SECONDS);
            if (text == null || !text.startsWith(ARRIVAL)) {
                return text;
            }
        }
    }

    /** Completes when the server closes the session. */
    CompletableFuture<Integer> closeCode() {
        return closeCode;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        part.append(text);
        if (last) {
            heard.add(part.toString());
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
        closeCode.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closeCode.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
