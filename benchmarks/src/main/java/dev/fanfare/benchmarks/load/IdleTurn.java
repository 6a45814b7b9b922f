package dev.fanfare.benchmarks.load;

import java.io.IOException;

/** What a quiet session adds to a node's resident memory: a node alone, garbage collected, without and with sessions. */
final class IdleTurn {

    /** Some sessions before, so that classes and threads are there and do not count. */
    private static final int BEFORE = 500;

    private IdleTurn() {}

    static Result run(Contestant contestant, Traffic traffic) throws IOException {
        try (var before = new Crowd(contestant.ports(), traffic.withSessions(BEFORE))) {
            before.open();
        }
        double empty = contestant.residentKibAfterCollection();
        try (var crowd = new Crowd(contestant.ports(), traffic)) {
            crowd.open();
            double each = (contestant.residentKibAfterCollection() - empty) / traffic.sessions();
            return new Result(0, 0, 0, 0, 0, 0, each, 0, 0, crowd.ended());
        }
    }
}
