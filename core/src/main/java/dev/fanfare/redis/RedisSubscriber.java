package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster.State;
import dev.fanfare.Gap;
import dev.fanfare.Receiver;
import dev.fanfare.redis.Command.Kind;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Receives: one connection, one thread that opens it and reads, one that writes what {@link Subscriptions} says. The
 * reader tells the {@link Receiver} everything, so it hears things in the order in which they happened; it holds no lock
 * meanwhile. Jedis' own {@code JedisPubSub} lets two writers garble the stream and ends when the last channel is left.
 */
final class RedisSubscriber {

    private static final Logger LOG = System.getLogger(RedisSubscriber.class.getName());

    private final Settings settings;
    private final Receiver receiver;
    private final Subscriptions subscriptions;
    private final @Nullable SlotSubscriptions slots;
    private final Consumer<Subscription> released;
    private final Canary canary;
    private final Outage outage;
    private final Reconnector links;
    private final Thread reader;
    private final Thread writer;

    // Of the reader alone:
    private Moment proven;
    private boolean live;
    private @Nullable String control;
    private final Set<String> refusedChannels = new HashSet<>();

    /** {@code released} takes the channels that have to go to another server of the cluster. */
    RedisSubscriber(
            Settings settings,
            Receiver receiver,
            Subscriptions subscriptions,
            Canary canary,
            Consumer<Subscription> released) {
        this.settings = settings;
        this.canary = canary;
        this.proven = Moment.now(settings.clock());
        this.receiver = receiver;
        this.subscriptions = subscriptions;
        this.slots = subscriptions instanceof SlotSubscriptions sharded ? sharded : null;
        this.released = released;
        this.links = new Reconnector(settings);
        this.outage = new Outage(settings, LOG);
        this.reader = Threads.of("subscriber", this::run);
        this.writer = Threads.of("subscriber-writer", this::write);
    }

    void start() {
        reader.start();
        writer.start();
    }

    /** Called by the timer: ends a connection on which a command is stuck, or answered by nobody. */
    void watch(long now) {
        var current = links.current(); // before it is asked how long that is silent: the next one is not
        if (current != null
                && subscriptions.silentNanos(now) > settings.readTimeout().toNanos()) {
            current.giveUp(GivenUp.late());
        }
    }

    /** See {@link Reconnector#giveUp(GivenUp, HostAndPort)}. */
    void giveUp(GivenUp why, @Nullable HostAndPort except) {
        links.giveUp(why, except);
    }

    /** See {@link Reconnector#hurry}. */
    void hurry() {
        links.hurry();
    }

    /** Does not wait for its threads. */
    void stop() {
        links.stop();
        subscriptions.close().forEach(future -> future.cancel(false));
        links.abort();
    }

    /** Whether its threads are gone. */
    boolean ended() {
        return !reader.isAlive() && !writer.isAlive();
    }

    void join() {
        Threads.join(reader);
        Threads.join(writer);
    }

    private void write() {
        var buffer = new CommandBuffer();
        try {
            for (var batch = subscriptions.take(); batch != null; batch = subscriptions.take()) {
                batch.commands().forEach(command -> command.addTo(buffer, settings.sharded()));
                try {
                    batch.link().write(buffer);
                } catch (IOException e) {
                    // The reader finds out why, and begins anew.
                    batch.link().abort();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "interrupted; nothing is subscribed any more", e);
        }
    }

    private void run() {
        try {
            links.run(this::use);
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "interrupted; nothing is received any more", e);
        }
        state(State.CLOSED, null);
    }

    private Diagnosis use(RedisLink current) {
        var diagnosis = serve(current);
        if (!links.isStopped()) {
            var cause = outage.failed(diagnosis);
            state(State.DOWN, cause);
            state(State.BACKOFF, cause);
        }
        return diagnosis;
    }

    /** One connection from its beginning to its end, which is what it returns. */
    private Diagnosis serve(RedisLink current) {
        live = false;
        Diagnosis end;
        boolean received = false;
        try {
            state(State.CONNECTING, null);
            open(current);
            received = true;
            receive(current);
            end = Diagnosis.of(new IOException("closed"));
        } catch (Exception | Error e) {
            // Also what should never happen ends a connection only: a reader that died would leave this node deaf.
            end = Diagnosis.of(e);
        } finally {
            current.abort();
        }
        if (received) {
            ended(end);
        }
        return end;
    }

    private void open(RedisLink current) throws IOException {
        links.open(current);
        proven = Moment.now(settings.clock());
        control = canary.channel();
        if (control != null) {
            current.call(settings.sharded() ? "SSUBSCRIBE" : "SUBSCRIBE", control);
        }
        current.readTimeout(Math.toIntExact(settings.readTimeout().toMillis()));
        state(State.SUBSCRIBING, null);
    }

    private void receive(RedisLink current) {
        subscriptions.connected(current);
        canary.listening(control != null);
        checkLive();
        while (true) {
            try {
                dispatch(current.read());
            } catch (JedisDataException e) {
                if (String.valueOf(e.getMessage()).startsWith("LOADING")) {
                    throw e; // that is no refusal, and passes: what is wanted is subscribed on the next connection
                }
                refused(e);
            }
        }
    }

    private void ended(Diagnosis end) {
        var reason = end.cause() instanceof GivenUp ours
                ? ours.reason
                : canary.behind(System.nanoTime()) ? Gap.Reason.CUT_OFF : Gap.Reason.RECONNECT;
        canary.listening(false);
        subscriptions.disconnected(loss(reason)).forEach(released);
    }

    private Loss loss(Gap.Reason reason) {
        return new Loss(proven, reason);
    }

    private void dispatch(Object reply) {
        if (reply instanceof byte[] pong && control == null) {
            confirmed(Kind.PING, pong); // nothing is subscribed
            return;
        }
        if (!(reply instanceof List<?> push)
                || push.size() < 2
                || !(push.get(0) instanceof byte[] type)
                || !(push.get(1) instanceof byte[] name)
                || type.length == 0) {
            throw new BroadcastException("Redis sent a reply that is none of Pub/Sub");
        }
        switch (type[slots != null && type.length > 1 && type[0] == 's' ? 1 : 0]) {
            case 'm' -> message(name, (byte[]) push.get(2));
            case 's' -> confirmed(Kind.SUBSCRIBE, name);
            case 'u' -> confirmed(Kind.UNSUBSCRIBE, name);
            case 'p' -> confirmed(Kind.PING, name);
            default -> throw new BroadcastException("Redis sent an unknown kind of push");
        }
    }

    private void message(byte[] name, byte[] payload) {
        if (canary.refused()) {
            proven = Moment.now(settings.clock());
        }
        var wireName = new String(name, StandardCharsets.UTF_8);
        var subscription = subscriptions.find(wireName);
        if (subscription != null) {
            deliver(subscription.channel, Envelope.decode(payload));
        } else if (wireName.equals(control)) {
            command(Envelope.decode(payload));
        } // else it was left a moment ago
    }

    /** Whatever else there may be on the control channel is for newer nodes. */
    private void command(Envelope.Decoded decoded) {
        if (decoded instanceof Envelope.Command command && command.mark() != null) {
            var sent = canary.returned(command.mark());
            if (sent != null) {
                proven = sent;
            }
        }
    }

    private void deliver(String channel, Envelope.Decoded decoded) {
        try {
            if (decoded instanceof Envelope.Content content) {
                receiver.message(channel, content.message(), content.position());
            } else if (decoded instanceof Envelope.Unreadable unreadable) {
                receiver.unreadable(channel, unreadable.reason());
            } else {
                receiver.unreadable(channel, "a command between nodes on a channel of the application");
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a receiver must not throw", e);
        }
    }

    private void confirmed(Kind kind, byte[] name) {
        var wireName = new String(name, StandardCharsets.UTF_8);
        var answer = slots != null && kind == Kind.UNSUBSCRIBE
                ? left(slots, wireName)
                : subscriptions.confirmed(kind, wireName);
        if (kind == Kind.PING) {
            canary.answered(subscriptions.pingNanos());
        }
        told(answer);
        checkLive();
    }

    private @Nullable Answer left(SlotSubscriptions slots, String wireName) {
        if (wireName.equals(control)) {
            throw GivenUp.failover("the slot of this node's own channel has gone to another server");
        }
        return slots.left(wireName, loss(Gap.Reason.FAILOVER));
    }

    private void told(@Nullable Answer answer) {
        if (answer != null && answer.released()) {
            released.accept(answer.subscription());
        } else if (answer != null) {
            var channel = answer.subscription().channel;
            refusedChannels.remove(channel);
            if (answer.loss() != null) {
                gap(channel, answer.loss());
            }
            if (answer.future() != null) {
                answer.future().complete(null);
            }
        }
    }

    private void gap(String channel, Loss loss) {
        var now = Moment.now(settings.clock());
        try {
            receiver.gap(new Gap(
                    channel, loss.from().earliest(now), loss.from().latest(now), loss.reason(), OptionalLong.empty()));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a receiver must not throw", e);
        }
    }

    private void refused(JedisDataException error) {
        if (slots != null && Redirection.is(error)) {
            told(slots.redirected(Redirection.slot(error), loss(Gap.Reason.FAILOVER)));
            checkLive();
            return;
        }
        var answer = subscriptions.refused();
        canary.answered(subscriptions.pingNanos());
        if (answer != null) {
            var channel = answer.subscription().channel;
            var failure = new BroadcastException.Refused(
                    "Redis at " + settings.address() + " refused to subscribe the channel \"" + channel + "\": "
                            + error.getMessage() + "; to do: ACL SETUSER <user> &" + settings.prefix() + channel,
                    error);
            CompletableFuture<Void> future = answer.future();
            if (future != null) {
                future.completeExceptionally(failure);
            }
            if (answer.loss() != null && refusedChannels.add(channel)) {
                LOG.log(Level.WARNING, "{0}; it was subscribed before, so it is tried again", failure.getMessage());
            }
        }
        checkLive();
    }

    private void checkLive() {
        if (!live && subscriptions.settled()) {
            live = true;
            links.usable();
            outage.ended();
            state(State.LIVE, null);
        }
    }

    private void state(State state, @Nullable BroadcastException cause) {
        try {
            receiver.state(state, cause);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a receiver must not throw", e);
        }
    }
}
