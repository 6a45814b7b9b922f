package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes frames apart: marks of messages go to the crowd, pings are answered. For one thread. */
final class FrameReader {

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;

    private final Connection connection;
    private final Crowd crowd;

    /** The mark of a message whose last frame has not come. */
    private long head;

    private long stamp;

    FrameReader(Connection connection, Crowd crowd) {
        this.connection = connection;
        this.crowd = crowd;
    }

    void reset() {
        head = 0;
        stamp = 0;
    }

    /** Takes all frames that are complete; what remains is the beginning of the next one. */
    void read(ByteBuffer in, long now) throws IOException {
        while (in.remaining() >= 2) {
            int start = in.position();
            int first = in.get(start);
            int length = in.get(start + 1) & 0x7F;
            int header = 2;
            if (length == 126) {
                if (in.remaining() < 4) {
                    return;
                }
                length = in.getShort(start + 2) & 0xFFFF;
                header = 4;
            } else if (length == 127) {
                if (in.remaining() < 10) {
                    return;
                }
                length = Math.toIntExact(in.getLong(start + 2));
                header = 10;
            }
            if (in.remaining() < header + length) {
                return;
            }
            frame(first, in, start + header, length, now);
            in.position(start + header + length);
        }
    }

    private void frame(int first, ByteBuffer in, int payload, int length, long now) throws IOException {
        int kind = first & 0x0F;
        switch (kind) {
            case TEXT, CONTINUATION -> {
                if (kind == TEXT) {
                    mark(in, payload, length);
                }
                if (first < 0) { // the last frame of the message
                    crowd.delivered(connection, head, stamp, now);
                }
            }
            case PING -> pong(in, payload, length);
            case CLOSE -> throw new IOException("close frame");
            default -> {} // a pong, perhaps
        }
    }

    private void mark(ByteBuffer in, int payload, int length) throws IOException {
        if (length < Mark.BYTES) {
            throw new IOException("a message of " + length + " bytes, which is none of ours");
        }
        head = Mark.decode(in.getLong(payload));
        stamp = Mark.decode(in.getLong(payload + Long.BYTES));
    }

    private void pong(ByteBuffer in, int payload, int length) throws IOException {
        var pong = ByteBuffer.allocate(6 + length).put((byte) 0x8A).put((byte) (0x80 | length));
        pong.putInt(0).put(in.duplicate().position(payload).limit(payload + length));
        connection.write(pong.flip());
    }
}
