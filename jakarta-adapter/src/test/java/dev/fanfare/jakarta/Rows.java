package dev.fanfare.jakarta;

import dev.fanfare.jakarta.AnswerEndpoints.*;
import dev.fanfare.jakarta.LifecycleEndpoints.*;
import dev.fanfare.jakarta.MessageEndpoints.*;
import dev.fanfare.jakarta.ObjectEndpoints.*;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnError;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table of signatures: each row is an endpoint, what its container tells it, and what its methods must see. */
final class Rows {

    private Rows() {}

    /** What the container tells. */
    interface Events {
        void of(FakeSession session);
    }

    /** One row. */
    record Row(Base endpoint, Events events, List<?> seen, List<?> sent) {
        @Override
        public String toString() {
            return endpoint.getClass().getSimpleName();
        }
    }

    static List<Row> supported() {
        return Stream.of(lifecycle(), texts(), binaries(), objects(), answers())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> lifecycle() {
        return List.of(
                row(new OpenAll(), s -> {}, "open session config 7 red null"),
                row(new OpenNothing(), s -> {}, "open"),
                row(new CloseAll(), s -> s.endpoint.onClose(s.session, going()), "close session 1001 7"),
                row(new CloseNothing(), s -> s.endpoint.onClose(s.session, going()), "close"),
                row(new ErrorAll(), s -> s.endpoint.onError(s.session, new IOException("x")), "error session x 7"),
                row(new OpenQuery(), s -> {}, "open Ada Löwe& Optional[] Optional.empty session"),
                row(new CloseQuery(), s -> s.endpoint.onClose(s.session, going()), "close 1001 Ada Löwe&"),
                row(new ErrorQuery(), s -> s.endpoint.onError(s.session, new IOException("x")), "error x Ada Löwe&"),
                row(new OpenThrows(), s -> {}, "error no"),
                row(new CloseThrows(), s -> s.endpoint.onClose(s.session, going()), "error no"),
                row(new ErrorRethrows(), s -> s.text("hi"), "hi"));
    }

    private static List<Row> texts() {
        return List.of(
                row(new Text(), s -> s.text("hi"), "hi"),
                row(new TextAnyOrder(), s -> s.text("hi"), "red hi session 7"),
                row(new TextQuery(), s -> s.text("hi"), "Ada Löwe& hi Optional.empty"),
                row(new FromReader(), s -> s.text("hi"), "hi"),
                row(new Int(), s -> s.text("12"), "12"),
                row(new WrappedInt(), s -> s.text("12"), "12"),
                row(new LongNumber(), s -> s.text("12"), "12"),
                row(new ShortNumber(), s -> s.text("12"), "12"),
                row(new ByteNumber(), s -> s.text("12"), "12"),
                row(new DoubleNumber(), s -> s.text("1.5"), "1.5"),
                row(new FloatNumber(), s -> s.text("1.5"), "1.5"),
                row(new Char(), s -> s.text("c"), "c"),
                row(new Bool(), s -> s.text("true"), "true"),
                row(new BadInt(), s -> s.text("x"), "error DecodeException"),
                row(new BadChar(), s -> s.text("xy"), "error DecodeException"),
                row(
                        new TextParts(),
                        s -> {
                            s.text("a", false);
                            s.text("b", true);
                        },
                        "a false",
                        "b true"));
    }

    private static List<Row> binaries() {
        return List.of(
                row(new Bytes(), s -> s.binary(1, 2), "[1, 2]"),
                row(new Buffer(), s -> s.binary(1, 2), "[1, 2]"),
                row(new FromStream(), s -> s.binary(1, 2), "[1, 2]"),
                row(
                        new ByteParts(),
                        s -> {
                            s.binary(false, 1);
                            s.binary(true, 2);
                        },
                        "[1] false session",
                        "[2] true session"),
                row(
                        new BufferParts(),
                        s -> {
                            s.binary(false, 1);
                            s.binary(true);
                        },
                        "false [1]",
                        "true []"),
                row(new Pong(), s -> s.pong("p"), "p session"));
    }

    private static List<Row> objects() {
        return List.of(
                row(new DecodedText(), s -> s.text("hi"), "Word[hi]"),
                row(new DecodedTextStream(), s -> s.text("hi"), "Word[stream hi]"),
                row(new DecodedBinary(), s -> s.binary(65), "Word[A]"),
                row(new DecodedBinaryStream(), s -> s.binary(65), "Word[stream A]"),
                row(
                        new DecodedBoth(),
                        s -> {
                            s.text("hi");
                            s.binary(65);
                        },
                        "Word[hi]",
                        "Word[A]"),
                row(
                        new FirstWillingDecoder(),
                        s -> {
                            s.text("2");
                            s.text("hi");
                            s.text("");
                        },
                        "2",
                        "Word[hi]",
                        "error DecodeException"),
                row(new DecoderOfString(), s -> s.text("hi"), "HI"),
                row(new Inherited(), s -> s.text("hi"), "open", "hi"),
                row(new Overridden(), s -> s.text("hi"), "overridden hi"),
                row(new GenericOverride(), s -> s.text("hi"), "generic hi"),
                row(
                        new MaxSize(),
                        s -> {
                            s.text("éé");
                            s.text("ééa");
                        },
                        "éé",
                        "closed [1009]"),
                row(
                        new MaxSizeOfParts(),
                        s -> {
                            s.text("abc", false);
                            s.text("d", true);
                            s.text("abcd", false);
                            s.text("e", true);
                        },
                        "abc",
                        "d",
                        "abcd",
                        "closed [1009]"));
    }

    private static List<Row> answers() {
        return List.of(
                answer(new AnswerText(), "hi"),
                answer(new AnswerBytes(), List.of((byte) 1)),
                answer(new AnswerBuffer(), List.of((byte) 1)),
                answer(new AnswerInt(), "3"),
                answer(new AnswerWrapped(), "true"),
                answer(new AnswerNull()),
                answer(new AnswerWord(), "<hi>"),
                answer(new AnswerWordStream(), "<<hi>>"),
                answer(new AnswerWordBinary(), List.of((byte) 'h', (byte) 'i')),
                answer(new AnswerWordBinaryStream(), List.of((byte) 'h', (byte) 'i')),
                answer(new AnswerSupertype(), "<hi>"),
                new Row(new EncoderFails(), s -> s.text("hi"), List.of("error EncodeException"), List.of()),
                new Row(
                        new AnswerUnpairedSurrogate(),
                        s -> s.text("hi"),
                        List.of("error IllegalArgumentException"),
                        List.of()));
    }

    private static Row row(Base endpoint, Events events, String... seen) {
        return new Row(endpoint, events, List.of(seen), List.of());
    }

    private static Row answer(Base endpoint, Object... sent) {
        return new Row(endpoint, session -> session.text("hi"), List.of(), List.of(sent));
    }

    private static CloseReason going() {
        return new CloseReason(CloseCodes.GOING_AWAY, "");
    }

    static ByteBuffer buffer(int... bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        for (int b : bytes) {
            buffer.put((byte) b);
        }
        return buffer.flip();
    }

    static List<Byte> list(ByteBuffer buffer) {
        List<Byte> list = new ArrayList<>();
        ByteBuffer view = buffer.duplicate();
        while (view.hasRemaining()) {
            list.add(view.get());
        }
        return list;
    }

    /** Keeps what methods saw. */
    public abstract static class Base {
        final List<String> seen = new CopyOnWriteArrayList<>();

        void saw(@Nullable Object... things) {
            List<String> words = new ArrayList<>();
            for (Object thing : things) {
                words.add(
                        thing instanceof Session
                                ? "session"
                                : thing instanceof EndpointConfig
                                        ? "config"
                                        : thing instanceof byte[] bytes
                                                ? list(ByteBuffer.wrap(bytes)).toString()
                                                : thing instanceof ByteBuffer buffer
                                                        ? list(buffer).toString()
                                                        : String.valueOf(thing));
            }
            seen.add(String.join(" ", words));
        }
    }

    /** A row whose errors are seen. */
    public abstract static class WithError extends Base {
        @OnError
        public void error(Throwable cause) {
            saw("error", cause.getClass().getSimpleName());
        }
    }

    /** A word. */
    public record Word(String text) {
        @Override
        public String toString() {
            return "Word[" + text + "]";
        }
    }
}
