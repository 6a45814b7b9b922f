package dev.fanfare.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a server says that it is. */
enum Role {
    MASTER,
    /** A replica, or a Sentinel. */
    OTHER,
    /** What it said is not the answer to ROLE. */
    UNKNOWN;

    static Role of(Object reply) {
        if (!(reply instanceof List<?> parts) || parts.isEmpty() || !(parts.get(0) instanceof byte[] name)) {
            return UNKNOWN;
        }
        return new String(name, StandardCharsets.US_ASCII).equals("master") ? MASTER : OTHER;
    }

    static GivenUp noMaster() {
        return GivenUp.failover("the server is not a master, so what is published there does not reach the others");
    }
}
