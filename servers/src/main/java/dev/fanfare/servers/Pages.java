package dev.fanfare.servers;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was written down. */
@ApplicationScoped
public class Pages {
    private final List<String> pages = new CopyOnWriteArrayList<>();

    /** Writes {@code page} after all others. */
    public void write(String page) {
        pages.add(page);
    }

    /** All so far. */
    public List<String> all() {
        return List.copyOf(pages);
    }
}
