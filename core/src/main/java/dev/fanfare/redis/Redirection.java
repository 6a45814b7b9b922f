package dev.fanfare.redis;

import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/** Errors by which a server of a cluster says that it does not have a slot, or cannot serve it at the moment. */
final class Redirection {

    private Redirection() {}

    static boolean is(JedisDataException error) {
        var message = String.valueOf(error.getMessage());
        return error instanceof JedisMovedDataException
                || message.startsWith("CLUSTERDOWN")
                || message.startsWith("TRYAGAIN");
    }

    /** The slot that it is about, or -1 if it does not say. */
    static int slot(JedisDataException error) {
        return error instanceof JedisMovedDataException moved ? moved.getSlot() : -1;
    }
}
