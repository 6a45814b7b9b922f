package dev.fanfare.examples;

import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of the Redis that the nodes use, as it may be shown: never with its password.
 *
 * @param uri that it was given by
 */
record RedisAddress(URI uri) {
    private static final int USUAL_PORT = 6379;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    /** What means itself to a shell. */
    private static final Pattern PLAIN = Pattern.compile("[\\w.:/@%+=,*-]+");

    static RedisAddress of(String url) {
        return new RedisAddress(URI.create(url));
    }

    boolean hasPassword() {
        return uri.getRawUserInfo() != null;
    }

    /** As an address, with *** where there is a password. */
    String shown() {
        String user = user(uri.getRawUserInfo());
        return hasPassword() ? address(user + ":***@") : address("");
    }

    /** How a terminal reaches it; asks for a password if it needs one. For a shell. */
    String terminal() {
        if (isUsual()) {
            return "redis-cli";
        }
        String command = "redis-cli -u " + word(address(""));
        if (!hasPassword()) {
            return command;
        }
        String user = user(uri.getUserInfo());
        return command + (user.isEmpty() ? "" : " --user " + word(user)) + " --askpass";
    }

    /** Where redis-cli looks when it is told nothing. */
    private boolean isUsual() {
        return "redis".equalsIgnoreCase(uri.getScheme())
                && THIS_MACHINE.contains(uri.getHost())
                && (uri.getPort() == -1 || uri.getPort() == USUAL_PORT)
                && !hasPassword();
    }

    private String address(String userInfo) {
        String port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + userInfo + uri.getHost() + port + uri.getRawPath();
    }

    /** What stands before the colon; without one all of it may be a password. */
    private static String user(@Nullable String userInfo) {
        int end = userInfo == null ? -1 : userInfo.indexOf(':');
        return userInfo == null || end < 0 ? "" : userInfo.substring(0, end);
    }

    /** One word of a shell's. */
    static String word(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
