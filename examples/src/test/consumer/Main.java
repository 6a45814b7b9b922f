package consumer;

import dev.fanfare.jakarta.WebSocketHub;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs what the README shows, on two nodes, with a client on each. */
public final class Main {

    /** A client that keeps what it receives. */
    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Client(int port, String path) {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
                    .join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket sender, CharSequence text, boolean last) {
            received.add(text.toString());
            sender.request(1);
            return null;
        }

        void says(String text) {
            socket.sendText(text, true).join();
        }

        void hears(String expected) throws InterruptedException {
            var heard = received.poll(20, TimeUnit.SECONDS);
            if (!expected.equals(heard)) {
                throw new IllegalStateException("heard " + heard + " instead of " + expected);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println("class path: " + System.getProperty("java.class.path"));
        System.out.println("modules: " + ModuleLayer.boot().modules());
        List<WebSocketHub> hubs = new ArrayList<>();
        try (var first = new Container(container -> hubs.add(Readme.deploy(container)));
                var second = new Container(container -> hubs.add(Readme.deploy(container)))) {
            for (var hub : hubs) {
                Readme.awaitReady(hub);
            }
            var ann = new Client(first.port(), "/chat");
            ann.says("I am Ann"); // a session sees its own first message, and then has joined for certain
            ann.hears("I am Ann");
            var bob = new Client(second.port(), "/chat");
            bob.says("I am Bob");
            bob.hears("I am Bob");
            ann.hears("I am Bob");
            ann.says("hello");
            ann.hears("hello");
            bob.hears("hello");
            var cat = new Client(first.port(), "/rooms/tea");
            cat.says("I am Cat");
            cat.hears("I am Cat");
            var dan = new Client(second.port(), "/rooms/tea");
            dan.says("I am Dan");
            dan.hears("I am Dan");
            cat.hears("I am Dan");
            if (ModuleLayer.boot().findModule("tools.jackson.databind").isPresent()) {
                hearEvents(first.port(), second.port());
            }
            hubs.forEach(WebSocketHub::close);
        }
        System.out.println("every word was heard on both nodes");
        System.exit(0); // clients have threads of their own
    }

    private static void hearEvents(int first, int second) throws InterruptedException {
        var eve = new Client(first, "/?username=Eve");
        eve.says("Hello!");
        eve.hears("Eve: Hello!");
        var fay = new Client(second, "/?username=Fay");
        fay.says("Hi");
        fay.hears("Fay: Hi");
        eve.hears("Fay: Hi");
        System.out.println("every event was heard on both nodes");
    }
}
