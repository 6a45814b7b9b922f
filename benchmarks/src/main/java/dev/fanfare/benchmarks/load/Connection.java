package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One client: a socket, the handshake and the frames by hand. It masks with zeroes, which is allowed and saves the work, and
 * does not check the server's accept key. For the thread of its crowd.
 */
final class Connection {

    /** What it is there for. */
    enum Kind {
        COUNTED,
        NEVER_READS,
        RECONNECTS
    }

    private enum State {
        CLOSED,
        OPENING,
        OPEN
    }

    private static final byte[] NOTHING = {};
    private static final int SMALL_RECEIVE_BUFFER = 2_048;

    private final Crowd crowd;
    private final Kind kind;
    private final int port;
    private final int room;
    private final FrameReader frames;
    private State state = State.CLOSED;
    private boolean present;
    private byte[] rest = NOTHING;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private @Nullable ByteBuffer unsent;

    /** The number that has to come next from each publisher of its channel; -1: any. */
    final long[] next;

    Connection(Crowd crowd, Kind kind, int port, int room, int publishers) {
        this.crowd = crowd;
        this.kind = kind;
        this.port = port;
        this.room = room;
        this.next = new long[publishers];
        this.frames = new FrameReader(this, crowd);
    }

    boolean isCounted() {
        return kind == Kind.COUNTED;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isOpening() {
        return state == State.OPENING;
    }

    int room() {
        return room;
    }

    /** The first message has come; false if that was known. */
    boolean arrive() {
        boolean first = !present;
        present = true;
        return first;
    }

    boolean isPresent() {
        return present;
    }

    /** Where in {@link #next} a publisher stands; one of another channel would be a leak between channels. */
    int localPublisher(int publisher) {
        int local = publisher - room * next.length;
        if (local < 0 || local >= next.length) {
            throw new IllegalStateException("a session of room " + room + " got a message of publisher " + publisher);
        }
        return local;
    }

    void open(Selector selector) throws IOException {
        state = State.OPENING;
        present = false;
        rest = NOTHING;
        unsent = null;
        frames.reset();
        Arrays.fill(next, isCounted() ? 0 : -1);
        var opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        opened.setOption(StandardSocketOptions.SO_LINGER, 0); // ports in TIME_WAIT would run out
        if (kind == Kind.NEVER_READS) {
            opened.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_RECEIVE_BUFFER);
        }
        opened.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        key = opened.register(selector, SelectionKey.OP_CONNECT, this);
    }

    void ready(ByteBuffer buffer) throws IOException {
        var selected = key;
        var socket = channel;
        if (selected == null || socket == null || !selected.isValid()) {
            return;
        }
        if (selected.isConnectable()) {
            socket.finishConnect();
            selected.interestOps(SelectionKey.OP_READ);
            write(handshake());
            return;
        }
        if (selected.isWritable()) {
            flush(socket, selected);
        }
        if (selected.isReadable()) {
            read(socket, buffer);
        }
    }

    private ByteBuffer handshake() {
        return ByteBuffer.wrap(("GET /rooms/room-" + room + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes what it can, and the rest when there is room. */
    void write(ByteBuffer bytes) throws IOException {
        var socket = channel;
        var registered = key;
        if (socket == null || registered == null) {
            return;
        }
        var waiting = unsent;
        if (waiting == null) {
            socket.write(bytes);
        }
        if (bytes.hasRemaining()) {
            int before = waiting == null ? 0 : waiting.remaining();
            var joined = ByteBuffer.allocate(before + bytes.remaining());
            if (waiting != null) {
                joined.put(waiting);
            }
            unsent = joined.put(bytes).flip();
            registered.interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    private void flush(SocketChannel socket, SelectionKey registered) throws IOException {
        var waiting = unsent;
        if (waiting != null) {
            socket.write(waiting);
        }
        if (waiting == null || !waiting.hasRemaining()) {
            unsent = null;
            registered.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    private void read(SocketChannel socket, ByteBuffer buffer) throws IOException {
        buffer.clear().put(rest);
        int n = socket.read(buffer);
        if (n < 0) {
            throw new IOException("closed by the server");
        }
        buffer.flip();
        if (state == State.OPENING) {
            readAnswer(buffer);
        }
        if (state == State.OPEN) {
            frames.read(buffer, System.nanoTime());
        }
        rest = NOTHING;
        if (buffer.hasRemaining()) {
            rest = new byte[buffer.remaining()];
            buffer.get(rest);
        }
    }

    private void readAnswer(ByteBuffer buffer) throws IOException {
        for (int i = buffer.position(); i + 4 <= buffer.limit(); i++) {
            if (buffer.getInt(i) == 0x0D0A0D0A) {
                var answer = StandardCharsets.ISO_8859_1
                        .decode(buffer.duplicate().limit(i))
                        .toString();
                if (!answer.startsWith("HTTP/1.1 101")) {
                    throw new IOException(answer);
                }
                buffer.position(i + 4);
                state = State.OPEN;
                var registered = key;
                if (kind == Kind.NEVER_READS && registered != null) {
                    registered.interestOps(0);
                }
                crowd.opened();
                return;
            }
        }
    }

    void close() {
        state = State.CLOSED;
        var socket = channel;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It was to end anyhow.
            }
        }
    }
}
