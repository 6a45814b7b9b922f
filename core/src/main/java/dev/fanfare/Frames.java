package dev.fanfare;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a run as a WebSocket server writes them (RFC 6455, section 5.2): each in one final, unmasked frame, one
 * behind the other. Framed when somebody asks for the first time, into memory that all sessions share and nobody changes
 * or uses again: when the last one has let go of it, it belongs to the garbage collector. Thread-safe.
 */
final class Frames {

    private static final int FINAL = 0x80;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private final List<Message> messages;
    private final Object lock = new Object();

    private volatile @Nullable Framed framed;

    /** The frames, and where each begins; one more number says where the last one ends. */
    private static final class Framed {
        final ByteBuffer bytes;
        final int[] offsets;

        Framed(ByteBuffer bytes, int[] offsets) {
            this.bytes = bytes;
            this.offsets = offsets;
        }
    }

    Frames(List<Message> messages) {
        this.messages = messages;
    }

    /** A fresh view of the frames from index {@code from} to before {@code to}. */
    ByteBuffer view(int from, int to) {
        var known = framed();
        int start = known.offsets[from];
        return known.bytes.slice(start, known.offsets[to] - start);
    }

    private Framed framed() {
        var known = framed;
        if (known == null) {
            synchronized (lock) {
                known = framed;
                if (known == null) {
                    known = frame(messages);
                    framed = known;
                }
            }
        }
        return known;
    }

    private static Framed frame(List<Message> messages) {
        var offsets = new int[messages.size() + 1];
        for (int i = 0; i < messages.size(); i++) {
            int size = messages.get(i).size();
            offsets[i + 1] = Math.addExact(offsets[i], Math.addExact(headerBytes(size), size));
        }
        var bytes = ByteBuffer.allocate(offsets[messages.size()]);
        for (var message : messages) {
            putHeader(bytes, message);
            bytes.put(message.bytes());
        }
        return new Framed(bytes, offsets);
    }

    private static int headerBytes(int size) {
        return size < LENGTH_16 ? 2 : size <= 0xFFFF ? 4 : 10;
    }

    private static void putHeader(ByteBuffer buffer, Message message) {
        int size = message.size();
        buffer.put((byte) (FINAL | (message instanceof Message.Text ? TEXT : BINARY)));
        if (size < LENGTH_16) {
            buffer.put((byte) size);
        } else if (size <= 0xFFFF) {
            buffer.put((byte) LENGTH_16).putShort((short) size);
        } else {
            buffer.put((byte) LENGTH_64).putLong(size);
        }
    }
}
