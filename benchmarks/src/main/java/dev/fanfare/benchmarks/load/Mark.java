package dev.fanfare.benchmarks.load;

import java.nio.ByteBuffer;

/**
 * How a message is recognised: its first 16 bytes say which publisher, which number, and when. Six bits in each byte, from
 * '0' to 'o', so that it is text.
 */
final class Mark {

    static final int BYTES = 16;

    /** Messages by which sessions find out that they receive; they are not counted. */
    static final int PROBE = 0xFFF;

    private static final long ZEROES = 0x3030303030303030L;
    private static final int NUMBER_BITS = 36;

    private Mark() {}

    static void put(ByteBuffer out, int publisher, long number, long nanos) {
        out.putLong(spread(((long) publisher << NUMBER_BITS) | number));
        out.putLong(spread(nanos & ((1L << 48) - 1)));
    }

    /** The publisher and number in 48 bits, from the first half of a mark. */
    static long decode(long half) {
        long x = half - ZEROES;
        x = (x & 0x003F003F003F003FL) | ((x & 0x3F003F003F003F00L) >>> 2);
        x = (x & 0x00000FFF00000FFFL) | ((x & 0x0FFF00000FFF0000L) >>> 4);
        return (x & 0xFFFFFFL) | ((x & 0x00FFFFFF00000000L) >>> 8);
    }

    static int publisher(long decoded) {
        return (int) (decoded >>> NUMBER_BITS);
    }

    static long number(long decoded) {
        return decoded & ((1L << NUMBER_BITS) - 1);
    }

    /** How long ago the moment was that the second half of a mark says. */
    static long nanosSince(long decoded, long now) {
        return ((now - decoded) << 16) >> 16;
    }

    private static long spread(long value) {
        long x = (value & 0xFFFFFFL) | ((value & 0xFFFFFF000000L) << 8);
        x = (x & 0x00000FFF00000FFFL) | ((x & 0x00FFF00000FFF000L) << 4);
        x = (x & 0x003F003F003F003FL) | ((x & 0x0FC00FC00FC00FC0L) << 2);
        return x + ZEROES;
    }
}
