package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalBroadcasterTest extends BroadcasterContract {

    @Override
    protected List<? extends Broadcaster> nodes(int count) {
        var nodes = new ArrayList<LocalBroadcaster>();
        nodes.add(LocalBroadcaster.create());
        while (nodes.size() < count) {
            nodes.add(nodes.get(0).peer());
        }
        return nodes;
    }

    @Test
    void aReceiverThatThrowsHarmsNobodyElse() {
        var nodes = nodes(2);
        var throwing = new Node(nodes.get(0)) {
            @Override
            public void message(String on, Message message, @Nullable Position position) {
                throw new IllegalStateException("thrown by the test's receiver");
            }
        };
        throwing.broadcaster.start(throwing);
        var other = Node.start(nodes.get(1));
        throwing.join("chat");
        other.join("chat");
        assertEquals(2, other.publish("chat", "1").join().receivers());
        assertEquals(2, other.publish("chat", "2").join().receivers());
        assertEquals(List.of("1", "2"), other.texts("chat"));
    }
}
