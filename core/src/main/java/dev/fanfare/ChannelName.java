package dev.fanfare;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The rules for the name of a channel. */
final class ChannelName {

    static final int MAX_BYTES = 512;

    private ChannelName() {}

    /** Returns {@code channel} if it may be the name of a channel. */
    static String check(String channel) {
        Objects.requireNonNull(channel, "channel");
        if (channel.isEmpty()) {
            throw new IllegalArgumentException("channel is empty: a channel's name has 1 to " + MAX_BYTES + " bytes");
        }
        for (int i = 0; i < channel.length(); i++) {
            char c = channel.charAt(i);
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException("channel " + shown(channel) + " has the control character U+"
                        + String.format("%04X", (int) c) + " at index " + i + ": control characters are not allowed");
            }
        }
        checkEncoding(channel);
        return channel;
    }

    private static void checkEncoding(String channel) {
        if (channel.length() * 3 <= MAX_BYTES && !hasSurrogate(channel)) {
            return;
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(channel)) {
            throw new IllegalArgumentException(
                    "channel " + shown(channel) + " has an unpaired surrogate: it cannot be encoded in UTF-8");
        }
        int bytes = channel.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("channel " + shown(channel) + " has " + bytes
                    + " bytes in UTF-8: at most " + MAX_BYTES + " are allowed");
        }
    }

    private static boolean hasSurrogate(String channel) {
        return channel.chars().anyMatch(c -> Character.isSurrogate((char) c));
    }

    /** The name for an error message: short, and without characters that would garble a log. */
    private static String shown(String channel) {
        var start = channel.length() > 64 ? channel.substring(0, 64) + "…" : channel;
        return '"' + start.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
