package dev.fanfare.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way on a container, with the nodes that run it. */
record Contestant(String container, Way way, List<NodeProcess> nodes) implements AutoCloseable {

    private static final String NODES = "dev.fanfare.benchmarks.node.";

    /** For measuring memory: a heap that gives back what it does not use. */
    static final List<String> SMALL_JVM =
            List.of("-XX:+UseSerialGC", "-Xms24m", "-Xmx2g", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20");

    /** For all nodes alike: no threads of a concurrent collector beside two nodes on few processors. */
    static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xmx512m");

    /** Starts {@code count} nodes; null if it is the floor and there is none. */
    static @Nullable Contestant start(
            String container, Way way, int count, List<String> jvm, String redisUri, @Nullable FloorProgram floor)
            throws IOException {
        if (way == Way.FLOOR && floor == null) {
            return null;
        }
        var nodes = new ArrayList<NodeProcess>();
        try {
            for (int i = 0; i < count; i++) {
                nodes.add(NodeProcess.start(command(container, way, jvm, redisUri, floor)));
            }
        } catch (IOException e) {
            nodes.forEach(NodeProcess::close);
            throw e;
        }
        return new Contestant(container, way, nodes);
    }

    private static List<String> command(
            String container, Way way, List<String> jvm, String redisUri, @Nullable FloorProgram floor) {
        if (floor != null && way == Way.FLOOR) {
            return floor.command(redisUri);
        }
        if (way == Way.TUTORIAL) {
            return NodeProcess.java(jvm, NODES + "TutorialNode", container, redisUri);
        }
        var kind = way.coalescingMillis() > 0 ? Way.FAST : way;
        var millis = Long.toString(way.coalescingMillis());
        return NodeProcess.java(jvm, NODES + "HubNode", container, redisUri, kind.label(), millis);
    }

    List<Integer> ports() {
        return nodes.stream().map(NodeProcess::port).toList();
    }

    List<ProcessHandle> processes() {
        return nodes.stream().map(NodeProcess::handle).toList();
    }

    /** Resident memory of all nodes in KiB, after they have freed what they do not need. */
    double residentKibAfterCollection() throws IOException {
        if (way != Way.FLOOR) {
            for (var node : nodes) {
                node.collectGarbage();
            }
        }
        return Machine.residentKib(processes());
    }

    String label() {
        return container + " " + way.label();
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
