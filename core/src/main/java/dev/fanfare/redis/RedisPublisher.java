package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.Gap;
import dev.fanfare.Receipt;
import dev.fanfare.Receiver;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Publishes: one connection, one thread that opens it and writes in batches, one that reads the replies and completes
 * the futures. Writing does not wait for replies, so the rate does not depend on the round trip (measured: 20 to 40 times
 * a pool of blocking connections at 1.3 ms). Every message ends as acked, refused, unknown, or never written; none is
 * written twice.
 */
final class RedisPublisher {

    private static final Logger LOG = System.getLogger(RedisPublisher.class.getName());

    private final Settings settings;
    private final PublishQueue queue;
    private final Predecessor predecessor;
    private final HistoryCalls calls;
    private final Reconnector links;
    private final Thread writer;
    private final Thread reader;
    private final PublishFailures failures;
    private final Canary canary;
    private final Unproven unproven;
    private @Nullable Receiver receiver;
    private Runnable demoted = () -> {};
    private final BiPredicate<Publication, JedisDataException> redirected;

    /** Of the writer: where the last connection led to. */
    private @Nullable HostAndPort master;

    /** Of the timer. */
    private long nextRoleNanos = System.nanoTime();

    /** {@code redirected} takes what a server of a cluster did not take because another one should. */
    RedisPublisher(
            Settings settings,
            Canary canary,
            Unproven unproven,
            BiPredicate<Publication, JedisDataException> redirected) {
        this.redirected = redirected;
        this.settings = settings;
        this.canary = canary;
        this.unproven = unproven;
        this.links = new Reconnector(settings);
        this.queue = new PublishQueue(settings);
        this.failures = new PublishFailures(settings);
        this.calls = new HistoryCalls(settings);
        this.predecessor = new Predecessor(settings);
        this.writer = Threads.of("publisher", this::run);
        this.reader = Threads.of("publisher-replies", this::read);
    }

    /** {@code demoted} is called when the server says that it is a master no longer; it must not block. */
    void start(Receiver receiver, Runnable demoted) {
        this.receiver = receiver;
        this.demoted = demoted;
        writer.start();
        reader.start();
    }

    CompletableFuture<Receipt> publish(String channel, byte[] payload) {
        return publish(Publication.of(channel, settings.wire(channel), payload, deadline(System.nanoTime())));
    }

    /** Publishes to a channel with history. */
    CompletableFuture<Receipt> publish(String channel, HistoryKeys keys, byte[] envelope) {
        var wire = settings.wire(channel);
        long bytes = envelope.length + 2L * wire.length;
        return publish(Publication.kept(
                channel,
                bytes,
                () -> calls.command(keys, wire, envelope),
                () -> calls.commandWithScript(keys, wire, envelope),
                deadline(System.nanoTime())));
    }

    private CompletableFuture<Receipt> publish(Publication publication) {
        var refused = offer(publication);
        if (refused != null) {
            publication.outcome.completeExceptionally(refused);
        }
        return publication.outcome;
    }

    /** Why it was not taken, or null if it was. */
    @Nullable
    BroadcastException offer(Publication publication) {
        try {
            queue.add(publication);
            return null;
        } catch (BroadcastException e) {
            return e;
        }
    }

    /** See {@link PublishQueue#withdraw}. */
    List<Publication> withdraw(Predicate<Publication> moved) {
        return queue.withdraw(moved);
    }

    /** Called by the timer: keeps deadlines, and ends a connection that is stuck or answers nothing. */
    void watch(long now) {
        for (var publication : queue.expired(now)) {
            publication.outcome.completeExceptionally(failures.neverWritten());
        }
        for (var publication : queue.overdue(now)) {
            publication.outcome.completeExceptionally(failures.notAnswered());
        }
        var current = links.current(); // before it is asked how long that is silent: the next one is not
        if (current != null && queue.silentNanos(now) > settings.replyTimeout().toNanos()) {
            current.giveUp(GivenUp.late());
        }
        if (nextRoleNanos - now <= 0 && queue.connected()) {
            nextRoleNanos = now + settings.pingInterval().toNanos();
            askRole(now);
        }
    }

    private void askRole(long now) {
        var moment = Moment.now(settings.clock());
        var question = Publication.role(deadline(now), reply -> {
            if (Role.of(reply) == Role.OTHER) {
                demoted.run();
            } else {
                unproven.master(moment, canary.idle());
            }
        });
        question.outcome.whenComplete((none, failure) -> {
            if (forbidden(failure)) {
                // Whoever may not ask has to believe.
                unproven.master(moment, canary.idle());
            }
        });
        queue.ask(question);
    }

    boolean connected() {
        return queue.connected();
    }

    /** Publishes a canary. */
    void prove(Canary.Mark mark) {
        var wire = String.valueOf(canary.channel()).getBytes(StandardCharsets.UTF_8);
        var publication = settings.sharded()
                ? Publication.sharded("", wire, Envelope.encode(mark), deadline(System.nanoTime()))
                : Publication.of("", wire, Envelope.encode(mark), deadline(System.nanoTime()));
        publication.outcome.whenComplete((receipt, failure) -> {
            if (failure == null) {
                canary.acked(mark);
            } else {
                canary.lost(mark, forbidden(failure));
            }
        });
        if (!queue.ask(publication)) {
            canary.lost(mark, false);
        }
    }

    /** Other refusals pass. */
    private static boolean forbidden(@Nullable Throwable failure) {
        return failure != null && failure.getCause() instanceof JedisAccessControlException;
    }

    /** See {@link Reconnector#giveUp(GivenUp, HostAndPort)}. */
    void giveUp(GivenUp why, @Nullable HostAndPort except) {
        links.giveUp(why, except);
    }

    /** See {@link Reconnector#hurry}. */
    void hurry() {
        links.hurry();
    }

    private long deadline(long now) {
        return now + settings.patience().toNanos();
    }

    /** Takes no more, and publishes what waits for at most {@code time}. */
    void drain(Duration time) {
        queue.drain(time.toNanos());
    }

    /** Gives up what waits, and does not wait for its threads. */
    void stop() {
        links.stop();
        for (var publication : queue.stop()) {
            publication.outcome.completeExceptionally(
                    new BroadcastException("not published: the broadcaster was closed before it could be written"));
        }
        links.abort();
    }

    /** Whether its threads are gone. */
    boolean ended() {
        return !writer.isAlive() && !reader.isAlive();
    }

    void join() {
        Threads.join(writer);
        Threads.join(reader);
    }

    private void run() {
        try {
            links.run(this::use);
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "interrupted; nothing is published any more", e);
        }
    }

    private Diagnosis use(RedisLink current) throws InterruptedException {
        Diagnosis diagnosis;
        try {
            open(current);
            links.usable();
            write(current);
            diagnosis = Diagnosis.of(new IOException("closed"));
        } catch (RuntimeException | IOException e) {
            diagnosis = Diagnosis.of(e);
        }
        ended(current, diagnosis);
        return diagnosis;
    }

    private void open(RedisLink current) throws IOException {
        links.open(current);
        predecessor.replaceBy(current);
        calls.open(current);
        if (master != null && !master.equals(current.address())) {
            reportUncertain();
        }
        master = current.address();
        // The reader waits as long as Redis has nothing to say; watch() knows when an answer is overdue.
        current.readTimeout(0);
        queue.begin(current);
        failures.up();
    }

    private void reportUncertain() {
        report(unproven.take());
    }

    /** What was acknowledged last for the channels that {@code moved} accepts, whose master is another server now. */
    void reportUncertain(Predicate<String> moved) {
        report(unproven.take(moved));
    }

    private void report(Unproven.Report report) {
        var told = receiver;
        if (told == null) {
            return;
        }
        report.messages().forEach((channel, messages) -> {
            try {
                told.uncertain(channel, messages, report.from(), report.to());
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a receiver must not throw", e);
            }
        });
    }

    private void write(RedisLink current) throws IOException, InterruptedException {
        var buffer = new CommandBuffer();
        long idle = settings.pingInterval().toNanos();
        for (var batch = queue.take(current, idle); !batch.isEmpty(); batch = queue.take(current, idle)) {
            batch.forEach(publication -> publication.addTo(buffer));
            current.write(buffer);
        }
    }

    private void read() {
        try {
            RedisLink current = queue.next(null);
            while (current != null) {
                try {
                    while (true) {
                        answer(current);
                    }
                } catch (RuntimeException e) {
                    ended(current, Diagnosis.of(e));
                }
                current = queue.next(current);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "interrupted; no outcome is known any more", e);
        }
    }

    private void answer(RedisLink current) {
        Object reply;
        try {
            reply = current.read();
        } catch (JedisDataException e) {
            var unexecuted = queue.answering(current);
            if (unexecuted != null && unexecuted.bringsScript(e)) {
                calls.functionsLost();
                queue.again(current);
                return;
            }
            var publication = queue.answered(current);
            if (!redirected.test(publication, e)) {
                publication.outcome.completeExceptionally(failures.refused(publication.channel, e));
                if (String.valueOf(e.getMessage()).startsWith("READONLY")) {
                    demoted.run();
                }
            }
            return;
        }
        var publication = queue.answered(current);
        if (!publication.channel.isEmpty()) {
            unproven.acked(publication.channel);
        }
        if (reply instanceof Long receivers) {
            publication.outcome.complete(new Receipt(receivers, null));
        } else {
            publication.answer.accept(reply);
        }
    }

    /** Whoever of the two threads notices first accounts for what was written. */
    private void ended(RedisLink current, Diagnosis diagnosis) {
        failures.down(diagnosis); // before the other thread wakes up, which would have no reason to give
        current.abort();
        var lost = queue.ended(current);
        if (diagnosis.cause() instanceof GivenUp ours && ours.reason != Gap.Reason.RECONNECT) {
            reportUncertain();
        }
        for (var publication : lost) {
            publication.outcome.completeExceptionally(failures.unknown(diagnosis.what(), diagnosis.cause()));
        }
    }
}
