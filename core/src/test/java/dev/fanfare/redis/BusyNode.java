package dev.fanfare.redis;

import dev.fanfare.ClientSession;
import dev.fanfare.Gap;
import dev.fanfare.History;
import dev.fanfare.Hub;
import dev.fanfare.HubListener;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Receipt;
import dev.fanfare.Replay;
import dev.fanfare.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node that sends and serves sessions, and tells what happens line by line: to the account, or out of its process. */
final class BusyNode implements ChaosNode, HubListener {

    static final String CHANNEL = "room";
    private static final int PACE_MILLIS = 3;

    private final String name;
    private final Consumer<String> told;
    private final RedisBroadcaster broadcaster;
    private final Hub hub;
    private final ScheduledExecutorService load = Executors.newScheduledThreadPool(1);
    private final ConcurrentMap<String, Session> sessions = new ConcurrentHashMap<>();
    private final List<CompletableFuture<?>> outcomes = new ArrayList<>(); // of the load's thread alone
    private int sent;

    BusyNode(String name, RedisBroadcaster.Builder builder, Consumer<String> told) {
        this.name = name;
        this.told = told;
        this.broadcaster = builder.build();
        this.hub =
                Hub.builder(broadcaster).listener(this).outbox(1 << 20, 1 << 28).build();
        hub.ready().thenRun(() -> told.accept("ready " + name));
    }

    History history() {
        return broadcaster;
    }

    @Override
    public void join(String client, @Nullable Position since) {
        var session = new Session(name + "/" + client, client);
        sessions.put(client, session);
        hub.open(session);
        hub.join(session, CHANNEL, session, since == null ? null : Replay.since(since))
                .whenComplete((outcome, failure) ->
                        told.accept("joined " + client + " " + (failure == null ? "-" : failure.toString())));
    }

    /** The client goes away; nothing comes to it any more when this returns. */
    void leave(String client) {
        var session = Objects.requireNonNull(sessions.remove(client));
        hub.leave(session).join();
        hub.ended(session);
    }

    @Override
    public void send() {
        load.scheduleAtFixedRate(() -> outcomes.add(sendOne()), 0, PACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Completes with its text, or null if it was not accepted. */
    CompletableFuture<@Nullable String> sendOne() {
        var text = name + ":" + ++sent;
        var at = Instant.now();
        return hub.broadcast(CHANNEL, text).handle((receipt, failure) -> {
            if (failure == null) {
                told.accept("accepted " + position(receipt) + " " + text + " " + at + " " + Instant.now());
            }
            return failure == null ? text : null;
        });
    }

    private static String position(Receipt receipt) {
        return receipt.position().map(Position::toString).orElse("-");
    }

    @Override
    public void stop() {
        load.shutdown();
        try {
            if (!load.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the load does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        CompletableFuture.allOf(outcomes.toArray(new CompletableFuture<?>[0]))
                .whenComplete((all, failure) -> told.accept("stopped " + name));
    }

    @Override
    public void broadcastsUncertain(String channel, long messages, Instant from, Instant to) {
        told.accept("uncertain " + from + " " + to);
    }

    @Override
    public void close() {
        load.shutdownNow();
        hub.close();
    }

    /** A client that takes everything at once and says so. */
    private final class Session implements ClientSession, ClientSession.Framing {
        private final String id;
        private final String client;

        Session(String id, String client) {
            this.id = id;
            this.client = client;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Message message(String channel, Message message, @Nullable Position position) {
            var text = ((Message.Text) message).text();
            return Message.text("got " + client + " " + (position == null ? "-" : position.toString()) + " " + text);
        }

        @Override
        public Message gap(Gap gap) {
            return Message.text("gap " + client + " " + gap.reason() + " " + gap.from() + " " + gap.to());
        }

        @Override
        public void send(Run run, Completion completion) {
            run.messages().forEach(message -> told.accept(((Message.Text) message).text()));
            completion.done();
        }

        @Override
        public void ping() {
            hub.pong(this);
        }

        @Override
        public void close(int code, String reason, boolean hard) {
            hub.ended(this);
        }
    }
}
