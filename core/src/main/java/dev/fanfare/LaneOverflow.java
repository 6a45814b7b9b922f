package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Counts what a full lane dropped, and reports it as a gap before the next message of the channel. Thread-safe. */
final class LaneOverflow {

    private static final Logger LOG = System.getLogger(LaneOverflow.class.getName());

    private record Episode(Instant from, AtomicLong lost) {}

    private final Consumer<Gap> gaps;
    private final Map<String, Episode> episodes = new ConcurrentHashMap<>();

    LaneOverflow(Consumer<Gap> gaps) {
        this.gaps = gaps;
    }

    /** A message of {@code channel} was dropped. */
    void lost(String channel) {
        if (episodes.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "Messages arrive faster than this node can hand them to its sessions; dropping some of channel {0}",
                    channel);
        }
        episodes.compute(channel, (c, known) -> { // within the map's lock, or a report would overtake the count
            var episode = known == null ? new Episode(Instant.now(), new AtomicLong()) : known;
            episode.lost().incrementAndGet();
            return episode;
        });
    }

    /** A message of {@code channel} is about to be taken again. */
    void over(String channel) {
        if (!episodes.isEmpty()) {
            report(channel);
        }
    }

    /** Reports what no further message has reported. */
    void reportQuiet() {
        episodes.keySet().forEach(this::report);
    }

    private void report(String channel) {
        var episode = episodes.remove(channel);
        if (episode != null) {
            gaps.accept(new Gap(
                    channel,
                    episode.from(),
                    Instant.now(),
                    Gap.Reason.LANE_OVERFLOW,
                    OptionalLong.of(episode.lost().get())));
        }
    }
}
