package dev.fanfare.jakarta;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks for a WebSocket and keeps what HTTP answers. */
final class HttpProbe {

    private HttpProbe() {}

    /** The whole answer to a handshake that is refused. */
    static String handshake(int port, String path, String... headers) {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(20_000);
            var request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
