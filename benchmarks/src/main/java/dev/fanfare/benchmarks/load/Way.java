package dev.fanfare.benchmarks.load;

/** How a contestant gets messages to its sessions. */
enum Way {
    /** A thread that is subscribed, and a loop of blocking sends. */
    TUTORIAL,
    /** A hub that uses the standard API alone. */
    PORTABLE,
    /** A hub that may use the container's own ways. */
    FAST,
    /** A program in C that does nothing else: what the kernel asks for. */
    FLOOR;

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
