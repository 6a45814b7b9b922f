package dev.fanfare.redis;

import java.util.regex.Pattern;

/** What to give a user of Redis who was refused something for want of a right, as far as Redis says what. */
final class Rights {

    /** The commands that history needs besides; docs/operations.md has them, too. */
    static final String HISTORY =
            "+info +function|load +fcall +script|load +evalsha +eval +multi +exec +time +hmget +hget"
                    + " +hset +xadd +xtrim +xrange +xrevrange +pexpire +del";

    private static final Pattern COMMAND = Pattern.compile("run the '([^']+)' command");
    private static final Pattern PUB_SUB = Pattern.compile("s?publish|s?subscribe|s?unsubscribe|ping|cluster.*");

    private Rights() {}

    static boolean missing(String message) {
        return message.contains("NOPERM") || message.contains("The user executing the script can't");
    }

    /** The rule for ACL SETUSER that {@code message} asks for, or an empty text if it is about Pub/Sub or says too little. */
    static String rule(String message, String prefix) {
        var command = COMMAND.matcher(message);
        if (command.find()) {
            return PUB_SUB.matcher(command.group(1)).matches() ? "" : "+" + command.group(1);
        }
        if (message.contains("keys")) {
            return "~" + prefix + "*";
        }
        return message.contains("can't run this command") ? HISTORY : "";
    }
}
