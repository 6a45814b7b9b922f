package dev.fanfare.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Commands in the protocol of Redis, one after the other, to be written at once. For one thread. */
final class CommandBuffer {

    /** A larger array is not kept for the next batch. */
    private static final int KEPT_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 16 * 1024;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    void add(byte[]... command) {
        header('*', command.length);
        for (var argument : command) {
            header('$', argument.length);
            reserve(argument.length + 2L);
            System.arraycopy(argument, 0, bytes, length, argument.length);
            length += argument.length;
            newline();
        }
    }

    int length() {
        return length;
    }

    /** Writes and forgets everything. */
    void writeTo(OutputStream out) throws IOException {
        int n = length;
        length = 0;
        out.write(bytes, 0, n);
        out.flush();
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[FIRST_BYTES];
        }
    }

    void clear() {
        length = 0;
    }

    private void header(char type, int count) {
        var digits = Integer.toString(count).getBytes(StandardCharsets.US_ASCII);
        reserve(digits.length + 3L);
        bytes[length++] = (byte) type;
        System.arraycopy(digits, 0, bytes, length, digits.length);
        length += digits.length;
        newline();
    }

    private void newline() {
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    private void reserve(long more) {
        long needed = length + more;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(
                    bytes, Math.toIntExact(Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.length))));
        }
    }
}
