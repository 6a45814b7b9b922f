package dev.fanfare.redis;

import dev.fanfare.Position;
import dev.fanfare.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * How messages of channels with history are published on the publisher's current connection: by the Function or by the script,
 * and to which run of the server. Of the publisher's writer, which opens the connection and then writes to it.
 */
final class HistoryCalls {

    private static final byte[] PUBLISH = {'P', 'U', 'B', 'L', 'I', 'S', 'H'};

    private final Settings settings;
    private volatile boolean functions;
    private byte[] run = new byte[0];

    HistoryCalls(Settings settings) {
        this.settings = settings;
    }

    /** The connection is new: finds out which run of the server it leads to, and gives that the Function, or the script. */
    void open(RedisLink link) throws IOException {
        if (settings.history().isEmpty()) {
            return;
        }
        run = run(link.call("INFO", "server"));
        functions = settings.functions() && load(link);
        if (!functions) {
            link.call("SCRIPT", "LOAD", HistoryScript.SCRIPT);
        }
        takeOver(link);
    }

    /** Leaves a mark that this run of a server has the data now, also if nothing is published to it. */
    private void takeOver(RedisLink link) throws IOException {
        var how = functions ? "FCALL" : "EVALSHA";
        var what = functions ? HistoryScript.FUNCTION : HistoryScript.SHA;
        try {
            link.call(
                    how, what, "1", HistoryKeys.server(settings), new String(run, StandardCharsets.US_ASCII), digits());
        } catch (JedisDataException e) {
            // For want of a right, perhaps: the first message will say so.
        }
    }

    private static String digits() {
        return Integer.toString(100 + ThreadLocalRandom.current().nextInt(900));
    }

    private static byte[] run(Object info) {
        var text = info instanceof byte[] bytes ? new String(bytes, StandardCharsets.US_ASCII) : "";
        for (var line : text.split("\r?\n", -1)) {
            if (line.startsWith("run_id:")) {
                return line.substring("run_id:".length()).strip().getBytes(StandardCharsets.US_ASCII);
            }
        }
        throw new JedisDataException("INFO server has no run_id");
    }

    /** Whether the server has the Function; before 7.0 there are none, and not everybody may load them. */
    private static boolean load(RedisLink link) throws IOException {
        try {
            link.call("FUNCTION", "LOAD", "REPLACE", HistoryScript.FUNCTIONS);
            return true;
        } catch (JedisDataException e) {
            return false;
        }
    }

    /** What to write for one message; when it is written, because that depends on the connection. */
    byte[][] command(HistoryKeys keys, byte[] wire, byte[] envelope) {
        return functions
                ? command("FCALL", HistoryScript.FUNCTION, keys, wire, envelope)
                : command("EVALSHA", HistoryScript.SHA, keys, wire, envelope);
    }

    /** The same, with the script itself, which the server knows from then on. */
    byte[][] commandWithScript(HistoryKeys keys, byte[] wire, byte[] envelope) {
        return command("EVAL", HistoryScript.SCRIPT, keys, wire, envelope);
    }

    /** The server does not know the Function any more: the script is as good, until the next connection. */
    void functionsLost() {
        functions = false;
    }

    private byte[][] command(String how, String what, HistoryKeys keys, byte[] wire, byte[] envelope) {
        return new byte[][] {
            ascii(how),
            ascii(what),
            ascii("3"),
            keys.meta,
            keys.stream,
            keys.server,
            run,
            envelope,
            wire,
            ascii(Integer.toString(keys.retention.messages())),
            ascii(Long.toString(keys.retention.age().toMillis())),
            ascii(digits()),
            PUBLISH
        };
    }

    /** What the answer says, or null if it is none of ours. */
    static @Nullable Receipt receipt(Object reply) {
        try {
            return reply instanceof List<?> parts
                            && parts.size() == 2
                            && parts.get(0) instanceof Long receivers
                            && parts.get(1) instanceof byte[] position
                    ? new Receipt(receivers, Position.parse(new String(position, StandardCharsets.US_ASCII)))
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
