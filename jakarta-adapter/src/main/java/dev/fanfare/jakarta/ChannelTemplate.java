package dev.fanfare.jakarta;

import dev.fanfare.Hub;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The name of a channel with variables in braces. Immutable. */
final class ChannelTemplate {

    /** Where the values of variables come from. */
    @FunctionalInterface
    interface Values {
        /** The value of the variable {@code name}, which is not empty. */
        String of(String name) throws RefusedHandshakeException;
    }

    /** Literals and variables in turn, beginning with a literal. */
    private final List<String> parts;

    private ChannelTemplate(List<String> parts) {
        this.parts = parts;
    }

    /**
     * Reads {@code template}.
     *
     * @throws IllegalArgumentException if no channel could have such a name
     */
    static ChannelTemplate of(String template) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (true) {
            int open = template.indexOf('{', from);
            String literal = open < 0 ? template.substring(from) : template.substring(from, open);
            if (literal.indexOf('}') >= 0) {
                throw new IllegalArgumentException("a } has no { before it");
            }
            parts.add(literal);
            if (open < 0) {
                break;
            }
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("a { has no } behind it");
            }
            parts.add(variable(template.substring(open + 1, close)));
            from = close + 1;
        }
        // With the shortest values there are, to find what is wrong with the literals.
        Hub.checkChannel(parts.size() == 1 ? parts.get(0) : template.replaceAll("\\{[^}]*}", "x"));
        return new ChannelTemplate(List.copyOf(parts));
    }

    private static String variable(String name) {
        if (name.isEmpty() || !name.equals(name.strip()) || name.indexOf('{') >= 0) {
            throw new IllegalArgumentException(
                    "between { and } stands the name of a path variable or query parameter, not \"" + name + '"');
        }
        return name;
    }

    /** The names of the variables. */
    List<String> variables() {
        List<String> variables = new ArrayList<>();
        for (int i = 1; i < parts.size(); i += 2) {
            variables.add(parts.get(i));
        }
        return variables;
    }

    /** The channel if there are no variables, else null. */
    @Nullable
    String constant() {
        return parts.size() == 1 ? parts.get(0) : null;
    }

    /** The channel for {@code values}. */
    String channel(Values values) throws RefusedHandshakeException {
        var channel = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            channel.append(i % 2 == 0 ? parts.get(i) : values.of(parts.get(i)));
        }
        try {
            return Hub.checkChannel(channel.toString());
        } catch (IllegalArgumentException e) {
            throw new RefusedHandshakeException(named() + ": " + e.getMessage());
        }
    }

    private String named() {
        return '"' + String.join("\", \"", variables()) + '"';
    }
}
