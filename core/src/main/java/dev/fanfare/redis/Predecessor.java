package dev.fanfare.redis;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The publisher's previous connection, which may still be alive in Redis with messages in it when we have long given it
 * up. It is killed before the first publish on the next one, or old messages could overtake new ones. For one thread.
 */
final class Predecessor {

    private static final Logger LOG = System.getLogger(Predecessor.class.getName());

    /** The address besides the number: after a restart of Redis the number belongs to somebody else. */
    private static final Pattern INFO = Pattern.compile("\\bid=(\\d+) addr=(\\S+)");

    private final Settings settings;
    private boolean any;
    private boolean complained;
    private @Nullable String id;
    private @Nullable String address;

    Predecessor(Settings settings) {
        this.settings = settings;
    }

    void replaceBy(RedisLink link) throws IOException {
        if (any) {
            kill(link);
        }
        id = null;
        address = null;
        any = true;
        try {
            if (link.call("CLIENT", "INFO") instanceof byte[] info) {
                var found = INFO.matcher(new String(info, StandardCharsets.UTF_8));
                if (found.find()) {
                    id = found.group(1);
                    address = found.group(2);
                }
            }
        } catch (JedisDataException e) {
            LOG.log(Level.DEBUG, "CLIENT INFO: {0}", e.getMessage());
        }
    }

    private void kill(RedisLink link) throws IOException {
        var why = "it does not tell CLIENT INFO";
        if (id != null && address != null) {
            try {
                link.call("CLIENT", "KILL", "ID", id, "ADDR", address);
                return;
            } catch (JedisDataException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        if (!complained) {
            complained = true;
            LOG.log(
                    Level.INFO,
                    "Redis at {0} does not let the publisher end its previous connection ({1}): the order of messages"
                            + " across a reconnect is not promised; the rights +client|info +client|kill give it back",
                    settings.address(),
                    why);
        }
    }
}
