package dev.fanfare.jakarta;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A WebSocket client that shows each frame as it came, and may have offered compression. */
final class RawClient implements AutoCloseable {

    /** A frame from the server: FIN, RSV1 to 3 and the opcode, and the payload. */
    static final class Frame {
        private final int head;
        private final byte[] payload;

        Frame(int head, byte[] payload) {
            this.head = head;
            this.payload = payload;
        }

        byte[] payload() {
            return payload;
        }

        int opcode() {
            return head & 0xF;
        }

        boolean isCompressed() {
            return (head & 0x40) != 0;
        }

        /** The payload of a compressed message in one frame, as RFC 7692 says. */
        String inflated() {
            var inflater = new Inflater(true);
            byte[] all = Arrays.copyOf(payload, payload.length + 4);
            all[all.length - 2] = (byte) 0xFF;
            all[all.length - 1] = (byte) 0xFF;
            inflater.setInput(all);
            var text = new ByteArrayOutputStream();
            var buffer = new byte[8_192];
            try {
                for (int n = inflater.inflate(buffer); n > 0; n = inflater.inflate(buffer)) {
                    text.write(buffer, 0, n);
                }
            } catch (DataFormatException e) {
                throw new AssertionError(e);
            } finally {
                inflater.end();
            }
            return text.toString(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return Integer.toHexString(head) + " " + HexFormat.of().formatHex(payload);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final String handshake;

    RawClient(int port, String path, String... headers) throws IOException {
        socket = new Socket("localhost", port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        var request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        List.of(headers).forEach(header -> request.append(header).append("\r\n"));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        var answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) in.readUnsignedByte());
        }
        handshake = answer.toString();
    }

    /** The status, and what the answer says in headers of these names, in lower case. */
    List<String> handshake(String... names) {
        return Arrays.stream(handshake.split("\r\n"))
                .filter(line -> line.startsWith("HTTP/")
                        || Arrays.asList(names)
                                .contains(line.replaceFirst(":.*", "").toLowerCase(Locale.ROOT)))
                .map(line -> line.startsWith("HTTP/") ? line.substring(9, 12) : line.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    /** Sends a frame of at most 65,535 bytes. */
    void send(int head, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        frame.write(head);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]); // the mask
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    void send(int head, String payload) throws IOException {
        send(head, payload.getBytes(StandardCharsets.UTF_8));
    }

    Frame next() throws IOException {
        int head = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        return new Frame(head, in.readNBytes(length));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
