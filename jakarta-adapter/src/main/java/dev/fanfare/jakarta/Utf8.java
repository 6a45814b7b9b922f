package dev.fanfare.jakarta;

/** Counts bytes of text as they are on the wire. */
final class Utf8 {

    private Utf8() {}

    /** How many bytes {@code text} has. */
    static long bytes(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Two more for most characters beyond U+07FF; each half of a surrogate pair stands for two bytes of four.
            bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return bytes;
    }

    /** The beginning of {@code text} that has at most {@code limit} bytes, cut between characters. */
    static String cut(String text, int limit) {
        int end = 0;
        long bytes = 0;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            bytes += bytes(text.substring(end, next));
            if (bytes > limit) {
                break;
            }
            end = next;
        }
        return text.substring(0, end);
    }
}
