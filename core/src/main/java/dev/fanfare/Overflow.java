package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Counts what a full queue dropped, and reports it as a gap before the next message of the channel. Thread-safe. */
final class Overflow {

    private static final Logger LOG = System.getLogger(Overflow.class.getName());

    private record Episode(Instant from, AtomicLong lost) {}

    private final String node;
    private final Gap.Reason reason;
    private final Consumer<Gap> gaps;
    private final Map<String, Episode> episodes = new ConcurrentHashMap<>();

    Overflow(String node, Gap.Reason reason, Consumer<Gap> gaps) {
        this.node = node;
        this.reason = reason;
        this.gaps = gaps;
    }

    /** A message of {@code channel} was dropped. */
    void lost(String channel) {
        if (episodes.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "Node {0}: messages arrive faster than it takes them ({1}); dropping some of channel {2}",
                    node,
                    reason,
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
                    reason,
                    OptionalLong.of(episode.lost().get())));
        }
    }
}
