package dev.fanfare.benchmarks.load;

import java.util.Locale;

/** How a contestant gets messages to its sessions. */
enum Way {
    /** A thread that is subscribed, and a loop of blocking sends. */
    TUTORIAL,
    /** A hub that uses the standard API alone. */
    PORTABLE,
    /** A hub that may use the container's own ways. */
    FAST,
    /** As {@link #FAST}, in a container without the settings for many sessions. */
    UNTUNED,
    /** A program in C that does nothing else: what the kernel asks for. */
    FLOOR;

    /** Whether there is anything to be learned. */
    boolean takesPart(Scenario scenario, String container) {
        return switch (this) {
            case TUTORIAL -> scenario != Scenario.FLEET;
            case PORTABLE -> scenario != Scenario.FLEET || container.equals("tyrus");
            case FAST -> !container.equals("tyrus"); // which has none
            case UNTUNED -> scenario == Scenario.IDLE;
            case FLOOR -> scenario.hasFloor();
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
