package dev.fanfare.jakarta;

import dev.fanfare.ClientSession.Completion;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes down what a sender says of a run. */
class Outcome implements Completion {

    final List<String> told = new CopyOnWriteArrayList<>();
    final AtomicInteger progress = new AtomicInteger();

    @Override
    public void progress() {
        progress.incrementAndGet();
    }

    @Override
    public void done() {
        told.add("done");
    }

    @Override
    public void busy(int sent) {
        told.add("busy after " + sent);
    }

    @Override
    public void failed(Throwable cause) {
        told.add("failed: " + cause.getMessage());
    }
}
