package dev.fanfare.json;

import dev.fanfare.Codec;
import java.util.Objects;

/**
 * Codecs that make JSON text of events, with the Jackson that the application has: Jackson 3 if it is there, else Jackson 2.
 * Both write the same and read the same, so nodes with either understand each other:
 *
 * <ul>
 *   <li>unknown properties are ignored, so that a node with an older class understands newer events;
 *   <li>properties that are missing or null are null, or 0, so that a newer class understands older events. A class that insists on
 *       some says so in its constructor: what that throws on is no event;
 *   <li>moments are text in the form of ISO 8601. Jackson 2 needs {@code jackson-datatype-jsr310} for that; Jackson's modules
 *       are used where they are found.
 * </ul>
 *
 * <p>On the module path the class has to be accessible to Jackson: its package exported or opened to it. An application
 * that wants another mapper writes a {@link Codec} of its own, which is two methods.
 */
public final class Json {

    private static final String JACKSON_3 = "tools.jackson.databind.json.JsonMapper";
    private static final String JACKSON_2 = "com.fasterxml.jackson.databind.json.JsonMapper";

    private Json() {}

    /**
     * A codec for events of the class {@code type}, for example a record. Thread-safe; keep it in a constant. It refuses with
     * {@link IllegalArgumentException} what Jackson cannot write or read as that class, and binary messages.
     *
     * @throws IllegalStateException if the application has no Jackson; the message names the dependency to add
     */
    public static <T> Codec<T> codec(Class<T> type) {
        Objects.requireNonNull(type, "type");
        if (isPresent(JACKSON_3)) {
            return new Jackson3Codec<>(type);
        }
        if (isPresent(JACKSON_2)) {
            return new Jackson2Codec<>(type);
        }
        throw new IllegalStateException(
                "Json.codec(" + type.getSimpleName() + ".class) needs Jackson: add the dependency"
                        + " tools.jackson.core:jackson-databind (Jackson 3)"
                        + " or com.fasterxml.jackson.core:jackson-databind (Jackson 2), and on the module path require"
                        + " its module");
    }

    /** Asked each time, which is seldom: nothing that was not there once is remembered. */
    private static boolean isPresent(String type) {
        try {
            var found = Class.forName(type, false, Json.class.getClassLoader());
            return Json.class.getModule().canRead(found.getModule());
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
