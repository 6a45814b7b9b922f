package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.util.List;

/** What a quiet session adds to a node's resident memory: a node alone, garbage collected, without and with sessions. */
final class IdleTurn {

    /** A heap that gives back what it does not use. */
    static final List<String> JVM =
            List.of("-XX:+UseSerialGC", "-Xms24m", "-Xmx1g", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20");

    /** Some sessions before, so that classes and threads are there and do not count. */
    private static final int BEFORE = 500;

    private IdleTurn() {}

    static Result run(Contestant contestant, Traffic traffic) throws IOException {
        try (var before = new Crowd(contestant.ports(), traffic.withSessions(BEFORE))) {
            before.open();
        }
        double empty = residentKib(contestant);
        try (var crowd = new Crowd(contestant.ports(), traffic)) {
            crowd.open();
            double each = (residentKib(contestant) - empty) / traffic.sessions();
            return new Result(0, 0, 0, 0, 0, 0, each, 0, 0, crowd.ended());
        }
    }

    private static double residentKib(Contestant contestant) throws IOException {
        if (contestant.way() != Way.FLOOR) {
            for (var node : contestant.nodes()) {
                node.collectGarbage();
            }
        }
        return Machine.residentKib(contestant.processes());
    }
}
