package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Has the sessions that publish do so: at a rate, or as fast as all sessions receive. For one thread. */
final class Publishing {

    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int FRAME_HEADER_BYTES = 14;

    private final Traffic traffic;
    private final Connection[] publishers;
    private final byte[] filling;
    private final long[] numbers;
    private final int[] outstanding;
    private final int[][] missing;
    private final int mask;
    private final ByteBuffer out;
    private boolean on;
    private long startedAt;
    private long paced;
    private long creditAt;

    Publishing(Traffic traffic, Connection[] publishers) {
        this.traffic = traffic;
        this.publishers = publishers;
        this.filling = new byte[traffic.bytes() - Mark.BYTES];
        Arrays.fill(filling, (byte) 'x');
        this.numbers = new long[publishers.length];
        this.outstanding = new int[publishers.length];
        int ring = Integer.highestOneBit(Math.max(1, traffic.window())) * 4;
        this.missing = new int[publishers.length][ring];
        this.mask = ring - 1;
        this.out = ByteBuffer.allocateDirect(
                Math.max(1, traffic.window()) * (traffic.bytes() + FRAME_HEADER_BYTES) + FRAME_HEADER_BYTES);
    }

    void start(long now) {
        on = true;
        startedAt = now;
        creditAt = now;
        paced = 0;
    }

    void stop() {
        on = false;
    }

    /** How many messages this publisher has sent. */
    long sent(int publisher) {
        return numbers[publisher];
    }

    /** One message to every channel, by which its sessions notice that they receive. */
    void probe(long now) throws IOException {
        for (int i = 0; i < publishers.length; i += traffic.publishers()) {
            out.clear();
            frame(Mark.PROBE, 0, now);
            publishers[i].write(out.flip());
        }
    }

    /** Sends what is due. */
    void tick(long now) throws IOException {
        if (!on) {
            return;
        }
        if (traffic.rate() > 0) {
            atRate(now);
        } else {
            asFastAsReceived(now);
        }
    }

    private void atRate(long now) throws IOException {
        long interval = TimeUnit.SECONDS.toNanos(1) / traffic.rate();
        while (startedAt + paced * interval - now <= 0) {
            int publisher = (int) (paced % publishers.length);
            out.clear();
            frame(publisher, numbers[publisher]++, startedAt + paced * interval);
            publishers[publisher].write(out.flip());
            paced++;
        }
    }

    private void asFastAsReceived(long now) throws IOException {
        if (now - creditAt > STALLED_NANOS) { // somebody has ended, or messages were lost
            Arrays.fill(outstanding, 0);
            for (var counts : missing) {
                Arrays.fill(counts, 0);
            }
            creditAt = now;
        }
        for (int i = 0; i < publishers.length; i++) {
            if (outstanding[i] < traffic.window()) {
                fill(i, now);
            }
        }
    }

    private void fill(int publisher, long now) throws IOException {
        out.clear();
        while (outstanding[publisher] < traffic.window()) {
            long number = numbers[publisher]++;
            missing[publisher][(int) number & mask] = traffic.sessions() / traffic.channels();
            outstanding[publisher]++;
            frame(publisher, number, now);
        }
        publishers[publisher].write(out.flip());
    }

    /** A session that is counted has got this message for the first time. */
    void delivered(long head, long now) {
        int publisher = Mark.publisher(head);
        var counts = missing[publisher];
        int slot = (int) Mark.number(head) & mask;
        if (counts[slot] > 0 && --counts[slot] == 0) {
            outstanding[publisher]--;
            creditAt = now;
        }
    }

    private void frame(int publisher, long number, long stamp) {
        int length = traffic.bytes();
        out.put((byte) 0x81);
        if (length < 126) {
            out.put((byte) (0x80 | length));
        } else {
            out.put((byte) (0x80 | 126)).putShort((short) length);
        }
        out.putInt(0); // the mask
        Mark.put(out, publisher, number, stamp);
        out.put(filling);
    }
}
