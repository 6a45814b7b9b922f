package dev.fanfare.jakarta;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a frame of the protocol: one JSON object, of strings, whole numbers, true, false, and objects of those, no deeper than
 * that. As strict as RFC 8259, and stricter: no name twice, no other numbers, no arrays. Who sends anything else has
 * made a mistake, and is told. For one frame and one thread.
 */
final class FrameReader {

    private static final int MAX_DEPTH = 2;
    private static final int MAX_MEMBERS = 1_000;
    private static final int MAX_DIGITS = 15; // what a number of JavaScript holds

    private final String text;
    private int at;

    private FrameReader(String text) {
        this.text = text;
    }

    /**
     * The members of the object that {@code text} is: String, Long, Boolean, or a map of those.
     *
     * @throws MalformedFrameException if it is none
     */
    static Map<String, Object> read(String text) throws MalformedFrameException {
        var reader = new FrameReader(text);
        reader.skipSpace();
        var frame = reader.object(1);
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.malformed("nothing more");
        }
        return frame;
    }

    private Map<String, Object> object(int depth) throws MalformedFrameException {
        expect('{');
        var members = new LinkedHashMap<String, Object>();
        skipSpace();
        if (peek() == '}') {
            at++;
            return members;
        }
        while (true) {
            skipSpace();
            int start = at;
            var name = string();
            if (members.containsKey(name)) {
                throw new MalformedFrameException("the frame has " + MalformedFrameException.shown(name)
                        + " again at character " + start + ": it must have every name once");
            }
            if (members.size() == MAX_MEMBERS) {
                throw new MalformedFrameException("an object of the frame has more than " + MAX_MEMBERS
                        + " names: at most " + MAX_MEMBERS + " are allowed");
            }
            skipSpace();
            expect(':');
            skipSpace();
            members.put(name, value(name, depth));
            skipSpace();
            if (peek() != ',') {
                expect('}');
                return members;
            }
            at++;
        }
    }

    private Object value(String name, int depth) throws MalformedFrameException {
        char first = peek();
        if (first == '"') {
            return string();
        }
        if (first == '{' && depth < MAX_DEPTH) {
            return object(depth + 1);
        }
        if (first == '-' || (first >= '0' && first <= '9')) {
            return number(name);
        }
        if (text.startsWith("true", at)) {
            at += 4;
            return true;
        }
        if (text.startsWith("false", at)) {
            at += 5;
            return false;
        }
        throw unfit(
                name, "a string, a whole number, true" + (depth < MAX_DEPTH ? ", false or an object" : " or false"));
    }

    private Long number(String name) throws MalformedFrameException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        boolean leadingZero = text.charAt(start) == '0' && at > start + 1;
        boolean whole = at > start && peek() != '.' && peek() != 'e' && peek() != 'E';
        if (!whole || leadingZero || at - start > MAX_DIGITS) {
            at = start;
            throw unfit(name, "a whole number of 1 to " + MAX_DIGITS + " digits that begins with no zero");
        }
        return Long.valueOf(text.substring(start, at));
    }

    /** What stands here is no value that {@code name} may have. */
    private MalformedFrameException unfit(String name, String expected) {
        var value = token();
        return value.isEmpty()
                ? malformed(expected)
                : new MalformedFrameException(MalformedFrameException.shown(name) + " is "
                        + MalformedFrameException.cut(value) + ": it must be " + expected);
    }

    /** What stands here instead of a value: up to where it would end if it was one. */
    private String token() {
        char first = peek();
        int close = first == '[' ? text.indexOf(']', at) : first == '{' ? text.indexOf('}', at) : -1;
        int end = close < 0 ? at : close + 1;
        while (close < 0 && end < text.length() && ",}] \t\r\n".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(at, end);
    }

    private String string() throws MalformedFrameException {
        expect('"');
        var string = new StringBuilder();
        while (true) {
            int start = at;
            while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\' && text.charAt(at) >= ' ') {
                at++;
            }
            string.append(text, start, at);
            char end = peek();
            if (end == '"') {
                at++;
                return wellFormed(string.toString());
            }
            if (end != '\\') {
                throw malformed("the end of the string, or an escape"); // for a control character
            }
            at++;
            string.append(escaped());
        }
    }

    /** An escape can bring half of a character, which is no text. */
    private String wellFormed(String string) throws MalformedFrameException {
        for (int i = 0; i < string.length(); i += Character.charCount(string.codePointAt(i))) {
            int code = string.codePointAt(i);
            if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
                throw malformed("both halves of a character");
            }
        }
        return string;
    }

    private char escaped() throws MalformedFrameException {
        char kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> {
                at--;
                throw malformed("an escape of JSON");
            }
        };
    }

    private char unicode() throws MalformedFrameException {
        int value = 0;
        for (int end = at + 4; at < end; at++) {
            int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw malformed("four hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    /** The next character; 0, which is none of JSON, at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char expected) throws MalformedFrameException {
        if (at >= text.length() || text.charAt(at) != expected) {
            throw malformed("'" + expected + "'");
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private MalformedFrameException malformed(String expected) {
        var found = at < text.length() ? MalformedFrameException.shown(text.substring(at, end())) : "the end";
        return new MalformedFrameException(
                "the frame has " + found + " at character " + at + ": it must have " + expected + " there");
    }

    private int end() {
        return text.offsetByCodePoints(at, 1);
    }
}
