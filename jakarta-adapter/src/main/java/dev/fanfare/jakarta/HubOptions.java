package dev.fanfare.jakarta;

import dev.fanfare.Hub;
import dev.fanfare.HubListener;
import dev.fanfare.OverflowPolicy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Executor;

/** The options that the core's hub has, in its words, for the builder {@code B}. Not thread-safe. */
abstract sealed class HubOptions<B extends HubOptions<B>> permits WebSocketHub.Builder {

    final Hub.Builder hub;
    final String sessionPrefix = randomName();
    Duration sendTimeout = Duration.ofSeconds(30); // the hub's default, which it does not tell

    HubOptions(Hub.Builder hub) {
        this.hub = hub;
        hub.node(sessionPrefix);
    }

    private static String randomName() {
        var bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The builder that these are the options of. */
    abstract B self();

    /** What the log calls this node; by default what the ids of its sessions begin with. See {@link Hub.Builder#node}. */
    public B node(String name) {
        hub.node(name);
        return self();
    }

    /** Who is told what happens. See {@link Hub.Builder#listener(HubListener)}. */
    public B listener(HubListener listener) {
        hub.listener(listener);
        return self();
    }

    /** Where application code runs: listeners, and what is chained to futures. See {@link Hub.Builder#executor(Executor)}. */
    public B executor(Executor executor) {
        hub.executor(executor);
        return self();
    }

    /** What happens when a session's outbox is full. See {@link Hub.Builder#overflow(OverflowPolicy)}. */
    public B overflow(OverflowPolicy policy) {
        hub.overflow(policy);
        return self();
    }

    /** The same for the messages of one channel. See {@link Hub.Builder#overflow(String, OverflowPolicy)}. */
    public B overflow(String channel, OverflowPolicy policy) {
        hub.overflow(channel, policy);
        return self();
    }

    /** How much may wait for one session. See {@link Hub.Builder#outbox(int, long)}. */
    public B outbox(int messages, long bytes) {
        hub.outbox(messages, bytes);
        return self();
    }

    /** How much may wait for a lane. See {@link Hub.Builder#laneQueue(int, long)}. */
    public B laneQueue(int messages, long bytes) {
        hub.laneQueue(messages, bytes);
        return self();
    }

    /** How much memory messages that are being sent may hold, in bytes. See {@link Hub.Builder#pinnedBytes(long)}. */
    public B pinnedBytes(long bytes) {
        hub.pinnedBytes(bytes);
        return self();
    }

    /** The largest message, in both directions, in bytes. See {@link Hub.Builder#messageBytes(int)}. */
    public B messageBytes(int bytes) {
        hub.messageBytes(bytes);
        return self();
    }

    /** After how long without progress a send has failed. See {@link Hub.Builder#sendTimeout(Duration)}. */
    public B sendTimeout(Duration timeout) {
        hub.sendTimeout(timeout);
        sendTimeout = timeout;
        return self();
    }

    /** After how long a broadcast fails. See {@link Hub.Builder#broadcastTimeout(Duration)}. */
    public B broadcastTimeout(Duration timeout) {
        hub.broadcastTimeout(timeout);
        return self();
    }

    /** How often sessions are pinged. See {@link Hub.Builder#pingInterval(Duration)}. Jetty closes those quiet for 30 s. */
    public B pingInterval(Duration interval) {
        hub.pingInterval(interval);
        return self();
    }

    /** How long closing the hub takes at most. See {@link Hub.Builder#closeTimeout(Duration)}. */
    public B closeTimeout(Duration timeout) {
        hub.closeTimeout(timeout);
        return self();
    }

    /** How long a lane collects messages. See {@link Hub.Builder#coalescing(Duration)}. */
    public B coalescing(Duration window) {
        hub.coalescing(window);
        return self();
    }

    /** How many lanes. See {@link Hub.Builder#lanes(int)}. */
    public B lanes(int lanes) {
        hub.lanes(lanes);
        return self();
    }
}
