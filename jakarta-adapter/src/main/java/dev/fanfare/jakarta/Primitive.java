package dev.fanfare.jakarta;

import jakarta.websocket.DecodeException;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.function.Function;

/** A primitive type or its wrapper, which the specification lets stand for the text of a message or path variable. */
record Primitive(Class<?> wrapper, Function<String, Object> parser) {

    private static final Map<Class<?>, Function<String, Object>> PARSERS = Map.of(
            Boolean.class, Boolean::valueOf,
            Byte.class, Byte::valueOf,
            Character.class, Primitive::character,
            Double.class, Double::valueOf,
            Float.class, Float::valueOf,
            Integer.class, Integer::valueOf,
            Long.class, Long::valueOf,
            Short.class, Short::valueOf);

    /** Whether {@code type} is one of the eight primitive types or their wrappers. */
    static boolean is(Class<?> type) {
        return PARSERS.containsKey(MethodType.methodType(type).wrap().returnType());
    }

    /** The primitive that {@code type} {@linkplain #is is}. */
    static Primitive of(Class<?> type) {
        Class<?> wrapper = MethodType.methodType(type).wrap().returnType();
        Function<String, Object> parser = PARSERS.get(wrapper);
        if (parser == null) {
            throw new IllegalArgumentException(type.getName() + " is neither a primitive type nor its wrapper");
        }
        return new Primitive(wrapper, parser);
    }

    /**
     * The value that {@code text} stands for.
     *
     * @throws DecodeException if it stands for none
     */
    Object parse(String text) throws DecodeException {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(text, "no " + wrapper.getSimpleName(), e);
        }
    }

    private static Object character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException(text.length() + " characters");
        }
        return text.charAt(0);
    }
}
