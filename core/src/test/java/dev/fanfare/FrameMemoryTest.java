package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Who owns the memory of a run's frames. */
class FrameMemoryTest {

    /** Keeps the frames that it is given, as a container does that has not written them yet, and may never be done with them. */
    private static final class Keeping implements ClientSession {
        private final String id;
        private final boolean completes;
        private final List<ByteBuffer> kept = new CopyOnWriteArrayList<>();

        Keeping(String id, boolean completes) {
            this.id = id;
            this.completes = completes;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public void send(Run run, Completion completion) {
            kept.add(run.frames());
            if (completes) {
                completion.done();
            }
        }

        @Override
        public void ping() {}

        @Override
        public void close(int code, String reason, boolean hard) {}
    }

    @Test
    void framesOfASessionThatWasGivenUpAreNeverThoseOfAnotherChannel() throws Exception {
        try (var hub = Hub.builder(LocalBroadcaster.create())
                .sendTimeout(Duration.ofMillis(100))
                .build()) {
            var stuck = new Keeping("stuck", false);
            var other = new Keeping("other", true);
            hub.open(stuck);
            hub.open(other);
            HubTest.get(hub.join(stuck, "mine"));
            HubTest.get(hub.join(other, "theirs"));
            hub.broadcast("mine", "m".repeat(1_000));
            Await.until("it is too slow", () -> hub.stats().disconnectedAsSlow() == 1);
            Await.until("nothing is held for it", () -> hub.stats().pinnedBytes() == 0);
            for (int i = 0; i < 100; i++) {
                int sent = i + 1;
                hub.broadcast("theirs", "t".repeat(1_000));
                Await.until("it left", () -> other.kept.size() == sent);
            }
            byte[] frames = new byte[stuck.kept.get(0).remaining()];
            stuck.kept.get(0).get(frames);
            assertEquals("\u0081~\u0003\u00e8" + "m".repeat(1_000), new String(frames, StandardCharsets.ISO_8859_1));
        }
    }
}
