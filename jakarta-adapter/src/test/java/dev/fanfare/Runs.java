package dev.fanfare;

import java.util.List;
import java.util.stream.Stream;

/** Runs for tests outside of this package; only the hub makes them otherwise. */
public final class Runs {

    private Runs() {}

    public static Run of(Message... messages) {
        return new Run(List.of(messages));
    }

    public static Run ofTexts(String... texts) {
        return new Run(Stream.of(texts).<Message>map(Message::text).toList());
    }
}
