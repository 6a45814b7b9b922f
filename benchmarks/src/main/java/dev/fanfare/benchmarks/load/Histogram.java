package dev.fanfare.benchmarks.load;

/** Counts durations in buckets that are 1.6 % wide. For one thread. */
final class Histogram {

    private static final int PER_OCTAVE_BITS = 6;
    private static final int PER_OCTAVE = 1 << PER_OCTAVE_BITS;

    private final long[] counts = new long[64 * PER_OCTAVE];
    private long total;

    void record(long nanos) {
        counts[bucket(Math.max(nanos, 0))]++;
        total++;
    }

    long total() {
        return total;
    }

    /** The duration that the given share of the recorded ones did not exceed, in milliseconds; NaN if there are none. */
    double millis(double share) {
        long wanted = (long) Math.ceil(total * share);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (total > 0 && seen >= wanted) {
                return upperEnd(i) / 1e6;
            }
        }
        return Double.NaN;
    }

    private static int bucket(long value) {
        if (value < PER_OCTAVE) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - PER_OCTAVE_BITS;
        return (shift + 1) * PER_OCTAVE + (int) (value >>> shift) - PER_OCTAVE;
    }

    private static double upperEnd(int bucket) {
        if (bucket < PER_OCTAVE) {
            return bucket;
        }
        int shift = bucket / PER_OCTAVE - 1;
        return (double) (bucket % PER_OCTAVE + PER_OCTAVE + 1) * (1L << shift);
    }
}
