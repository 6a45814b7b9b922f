package dev.fanfare;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener that keeps what it is told about events and gaps. */
final class Told implements HubListener {

    private final List<String> skipped = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    @Override
    public synchronized void skipped(String channel, @Nullable Position position, Throwable cause) {
        skipped.add(channel + " " + (position == null ? "-" : position.epoch() + "/" + position.offset()) + " "
                + cause.getClass().getSimpleName());
    }

    @Override
    public synchronized void gap(Gap gap) {
        gaps.add(gap);
    }

    synchronized List<String> skipped() {
        return List.copyOf(skipped);
    }

    synchronized List<Gap> gaps() {
        return List.copyOf(gaps);
    }
}
