package dev.fanfare.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** By Jackson 3; not to be loaded where that is missing. */
final class Jackson3Codec<T> extends JsonCodec<T> {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .findAndAddModules()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private final ObjectReader reader;
    private final ObjectWriter writer;

    Jackson3Codec(Class<T> type) {
        super(type);
        this.reader = MAPPER.readerFor(type);
        this.writer = MAPPER.writerFor(type);
    }

    @Override
    String write(T event) {
        try {
            return writer.writeValueAsString(event);
        } catch (JacksonException e) {
            throw refused("written as", e);
        }
    }

    @Override
    @Nullable
    T read(String json) {
        try {
            return reader.readValue(json);
        } catch (JacksonException e) {
            throw refused("read as", e);
        }
    }
}
