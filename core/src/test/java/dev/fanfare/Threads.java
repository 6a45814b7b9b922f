package dev.fanfare;

import java.util.List;

/** The library's threads that are alive now. */
final class Threads {

    private Threads() {}

    static List<String> ofFanfare() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("fanfare"))
                .sorted()
                .toList();
    }
}
