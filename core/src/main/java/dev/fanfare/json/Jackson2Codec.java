package dev.fanfare.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/** By Jackson 2; not to be loaded where that is missing. */
final class Jackson2Codec<T> extends JsonCodec<T> {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .findAndAddModules()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private final ObjectReader reader;
    private final ObjectWriter writer;

    Jackson2Codec(Class<T> type) {
        super(type);
        this.reader = MAPPER.readerFor(type);
        this.writer = MAPPER.writerFor(type);
    }

    @Override
    String write(T event) {
        try {
            return writer.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw refused("written as", e);
        }
    }

    @Override
    @Nullable
    T read(String json) {
        try {
            return reader.readValue(json);
        } catch (JsonProcessingException e) {
            throw refused("read as", e);
        }
    }
}
