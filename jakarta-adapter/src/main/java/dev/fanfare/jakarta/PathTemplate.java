package dev.fanfare.jakarta;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The path of an endpoint: segments, each of them literal or a variable in braces. Immutable. */
record PathTemplate(String text) {

    /** Whether {@code name} is one of the variables. */
    boolean has(String name) {
        return text.contains("{" + name + "}");
    }

    /** The variables of {@code path}, a path within the application, decoded; null if it is not of this kind. */
    @Nullable
    Map<String, String> match(String path) {
        String[] wanted = text.split("/", -1);
        String[] found = path.split("/", -1);
        if (wanted.length != found.length) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (isVariable(wanted[i])) {
                variables.put(wanted[i].substring(1, wanted[i].length() - 1), found[i]);
            } else if (!wanted[i].equals(found[i])) {
                return null;
            }
        }
        return variables;
    }

    /** Those of {@code variables} that are this template's: Tyrus has the query's parameters among them. */
    Map<String, String> of(Map<String, String> variables) {
        Map<String, String> own = new HashMap<>(variables);
        own.keySet().removeIf(name -> !has(name));
        return own;
    }

    /** Of two templates of one path the first in this order is meant, says the specification: literals first. */
    static int compare(PathTemplate one, PathTemplate other) {
        String[] left = one.text.split("/", -1);
        String[] right = other.text.split("/", -1);
        int order = Integer.compare(left.length, right.length);
        for (int i = 0; order == 0 && i < left.length; i++) {
            order = Boolean.compare(isVariable(left[i]), isVariable(right[i]));
        }
        return order != 0 ? order : one.text.compareTo(other.text);
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }
}
