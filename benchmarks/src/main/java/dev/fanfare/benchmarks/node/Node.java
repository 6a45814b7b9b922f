package dev.fanfare.benchmarks.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How a node's process behaves: says {@code ready PORT}, collects its garbage when told {@code gc}, and ends when its
 * standard input does, so that none outlives the runner.
 */
final class Node {

    /** Containers report every client that is cut; held, because java.util.logging forgets the levels of others. */
    private static final Logger ROOT = Logger.getLogger("");

    private static final Logger OURS = Logger.getLogger("dev.fanfare");

    private Node() {}

    static void serve(Server container, Server.Deployment deployment) throws Exception {
        ROOT.setLevel(Level.OFF);
        OURS.setLevel(Level.WARNING);
        int port = container.start(deployment);
        say("ready " + port);
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("gc")) {
                    collectGarbage();
                    say("collected");
                }
            }
        } catch (IOException e) {
            // The runner is gone.
        }
        Runtime.getRuntime().halt(0);
    }

    /** More than once: what a collection finds to finalize or clean is free after the next one. */
    private static void collectGarbage() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
