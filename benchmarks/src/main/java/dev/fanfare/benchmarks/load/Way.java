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
    /** As {@link #FAST}, and lanes collect messages for 2 ms. */
    FAST_2MS,
    FAST_5MS,
    FAST_10MS,
    FAST_20MS,
    /** As {@link #FAST}, in a container without the settings for many sessions. */
    UNTUNED,
    /** A program in C that does nothing else: what the kernel asks for. */
    FLOOR;

    /** Whether there is anything to be learned. */
    boolean takesPart(Scenario scenario, String container) {
        return switch (this) {
            case TUTORIAL -> scenario != Scenario.FLEET && scenario != Scenario.CURVE;
            case PORTABLE -> (scenario != Scenario.FLEET && scenario != Scenario.CURVE) || container.equals("tyrus");
            case FAST -> !container.equals("tyrus"); // which has none
            case FAST_2MS, FAST_5MS, FAST_10MS, FAST_20MS -> scenario == Scenario.CURVE && !container.equals("tyrus");
            case UNTUNED -> scenario == Scenario.IDLE;
            case FLOOR -> scenario.hasFloor();
        };
    }

    /** How long lanes collect messages. */
    long coalescingMillis() {
        return switch (this) {
            case FAST_2MS -> 2;
            case FAST_5MS -> 5;
            case FAST_10MS -> 10;
            case FAST_20MS -> 20;
            default -> 0;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
