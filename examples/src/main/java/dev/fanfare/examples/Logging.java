package dev.fanfare.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Sets java.util.logging up so that what matters is seen: warnings and what the chat says, one line each, and no chatter of the containers. */
final class Logging {
    private static final Thread NEVER_STARTED = new Thread(() -> {}, "never-started");

    private Logging() {}

    /** Does nothing if the JVM was given a configuration of its own. */
    static void configure() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        try (InputStream in = Logging.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Ctrl-C reaches the Redis that we started as well: that it goes away under the nodes is no news then.
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFilter(record -> !isJvmEnding());
        }
    }

    private static boolean isJvmEnding() {
        try {
            Runtime.getRuntime().removeShutdownHook(NEVER_STARTED);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
