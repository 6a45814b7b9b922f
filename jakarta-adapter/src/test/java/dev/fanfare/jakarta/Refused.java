package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Classes that are no endpoints, and what the refusal says. */
@SuppressWarnings("unused")
final class Refused {

    private Refused() {}

    /** One row. */
    record Row(Class<?> type, List<String> words) {
        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }

    private static Row row(Class<?> type, String... words) {
        return new Row(type, List.of(words));
    }

    static List<Row> rows() {
        return List.of(
                row(Unannotated.class, "has no @ServerEndpoint"),
                row(NoConstructor.class, "a supplier", "takes a WebSocketHub", "without parameters"),
                row(NotPublic.class, "the class must be public"),
                row(NotPublicMethod.class, "void message(String)", "public and not static"),
                row(StaticMethod.class, "void open()", "public and not static"),
                row(TwoOpens.class, "one method with @OnOpen at most"),
                row(
                        OpenWithText.class,
                        "void open(String)",
                        "@OnOpen takes Session, EndpointConfig, @PathParam and @QueryParam"),
                row(OpenReturns.class, "String open()", "returns void"),
                row(OpenTwoSessions.class, "@OnOpen takes"),
                row(OpenPathType.class, "a @PathParam is a String, a primitive or its wrapper"),
                row(MessagePathUnknown.class, "void message(String, int)", "the path /r/{id} has no {ident}"),
                row(CloseWithThrowable.class, "@OnClose takes Session, CloseReason, @PathParam and @QueryParam"),
                row(ErrorWithoutThrowable.class, "@OnError has a parameter of type Throwable"),
                row(ErrorWithException.class, "@OnError has a parameter of type Throwable"),
                row(MessageNothing.class, "void message(Session)", "@OnMessage takes a message"),
                row(MessageTwo.class, "@OnMessage takes a message"),
                row(MessageUnknown.class, "not java.util.List", "names a decoder"),
                row(MessageConfig.class, "@OnMessage takes a message"),
                row(ReaderInParts.class, "@OnMessage takes a message"),
                row(PongInParts.class, "@OnMessage takes a message"),
                row(TwoTexts.class, "one @OnMessage for text messages at most"),
                row(TwoBinaries.class, "one @OnMessage for binary messages at most"),
                row(TwoPongs.class, "one @OnMessage for pong messages at most"),
                row(AnswerUnknown.class, "List message(String)", "names an encoder"),
                row(
                        QueryNumber.class,
                        "void open(int)",
                        "a @QueryParam has a name and is a String or an Optional<String>"),
                row(QueryOptionalNumber.class, "void open(Optional)", "is a String or an Optional<String>"),
                row(QueryWithoutName.class, "void message(String, String)", "a @QueryParam has a name"),
                row(QueryAndPath.class, "@PathParam or @QueryParam, not both"),
                row(TemplateUnclosed.class, "@Broadcast(\"room.{room\")", "a { has no } behind it"),
                row(TemplateUnopened.class, "a } has no { before it"),
                row(TemplateNameless.class, "between { and } stands the name"),
                row(TemplateNested.class, "between { and } stands the name"),
                row(TemplateEmpty.class, "channel is empty"),
                row(TemplateControl.class, "control character U+0001"),
                row(TemplateTooLong.class, "at most 512 are allowed"),
                row(TemplateOptional.class, "the channel needs the query parameter \"room\""));
    }

    public static class Unannotated {}

    @ServerEndpoint("/r")
    public static class NoConstructor {
        public NoConstructor(String text) {}
    }

    @ServerEndpoint("/r")
    static class NotPublic {
        @OnOpen
        public void open() {}
    }

    @ServerEndpoint("/r")
    public static class NotPublicMethod {
        @OnMessage
        void message(String text) {}
    }

    @ServerEndpoint("/r")
    public static class StaticMethod {
        @OnOpen
        public static void open() {}
    }

    @ServerEndpoint("/r")
    public static class TwoOpens {
        @OnOpen
        public void open() {}

        @OnOpen
        public void open(Session session) {}
    }

    @ServerEndpoint("/r")
    public static class OpenWithText {
        @OnOpen
        public void open(String text) {}
    }

    @ServerEndpoint("/r")
    public static class OpenReturns {
        @OnOpen
        public String open() {
            return "";
        }
    }

    @ServerEndpoint("/r")
    public static class OpenTwoSessions {
        @OnOpen
        public void open(Session session, Session again) {}
    }

    @ServerEndpoint("/r/{id}")
    public static class OpenPathType {
        @OnOpen
        public void open(@PathParam("id") Object id) {}
    }

    @ServerEndpoint("/r/{id}")
    public static class MessagePathUnknown {
        @OnMessage
        public void message(String text, @PathParam("ident") int id) {}
    }

    @ServerEndpoint("/r")
    public static class CloseWithThrowable {
        @OnClose
        public void close(CloseReason reason, Throwable cause) {}
    }

    @ServerEndpoint("/r")
    public static class ErrorWithoutThrowable {
        @OnError
        public void error(Session session) {}
    }

    @ServerEndpoint("/r")
    public static class ErrorWithException {
        @OnError
        public void error(IllegalStateException cause) {}
    }

    @ServerEndpoint("/r")
    public static class MessageNothing {
        @OnMessage
        public void message(Session session) {}
    }

    @ServerEndpoint("/r")
    public static class MessageTwo {
        @OnMessage
        public void message(String text, byte[] bytes) {}
    }

    @ServerEndpoint("/r")
    public static class MessageUnknown {
        @OnMessage
        public void message(List<String> texts) {}
    }

    @ServerEndpoint("/r")
    public static class MessageConfig {
        @OnMessage
        public void message(String text, EndpointConfig config) {}
    }

    @ServerEndpoint("/r")
    public static class ReaderInParts {
        @OnMessage
        public void message(java.io.Reader reader, boolean last) {}
    }

    @ServerEndpoint("/r")
    public static class PongInParts {
        @OnMessage
        public void message(PongMessage pong, boolean last) {}
    }

    @ServerEndpoint("/r")
    public static class TwoTexts {
        @OnMessage
        public void message(String text) {}

        @OnMessage
        public void message(int number) {}
    }

    @ServerEndpoint("/r")
    public static class TwoBinaries {
        @OnMessage
        public void message(byte[] bytes) {}

        @OnMessage
        public void message(ByteBuffer buffer, boolean last) {}
    }

    @ServerEndpoint("/r")
    public static class TwoPongs {
        @OnMessage
        public void message(PongMessage pong) {}

        @OnMessage
        public void pong(PongMessage pong) {}
    }

    @ServerEndpoint("/r")
    public static class AnswerUnknown {
        @OnMessage
        public List<String> message(String text) {
            return List.of(text);
        }
    }

    @ServerEndpoint("/r")
    public static class QueryNumber {
        @OnOpen
        public void open(@QueryParam("number") int number) {}
    }

    @ServerEndpoint("/r")
    public static class QueryOptionalNumber {
        @OnOpen
        public void open(@QueryParam("number") Optional<Integer> number) {}
    }

    @ServerEndpoint("/r")
    public static class QueryWithoutName {
        @OnMessage
        public void message(String text, @QueryParam("") String name) {}
    }

    @ServerEndpoint("/r/{room}")
    public static class QueryAndPath {
        @OnOpen
        public void open(@QueryParam("room") @PathParam("room") String room) {}
    }

    @ServerEndpoint("/r/{room}")
    @Broadcast("room.{room")
    public static class TemplateUnclosed {}

    @ServerEndpoint("/r/{room}")
    @Broadcast("room.room}.{room}")
    public static class TemplateUnopened {}

    @ServerEndpoint("/r/{room}")
    @Broadcast("room.{}")
    public static class TemplateNameless {}

    @ServerEndpoint("/r/{room}")
    @Broadcast("room.{a{room}}")
    public static class TemplateNested {}

    @ServerEndpoint("/r")
    @Broadcast("")
    public static class TemplateEmpty {}

    @ServerEndpoint("/r/{room}")
    @Broadcast("room\1{room}")
    public static class TemplateControl {}

    @ServerEndpoint("/r/{room}")
    @Broadcast("{room}" + HUNDRED + HUNDRED + HUNDRED + HUNDRED + HUNDRED + HUNDRED)
    public static class TemplateTooLong {}

    private static final String HUNDRED =
            "0123456789012345678901234567890123456789012345678901234567890123456789" + "012345678901234567890123456789";

    @ServerEndpoint("/r")
    @Broadcast("{room}")
    public static class TemplateOptional {
        @OnOpen
        public void open(@QueryParam("room") Optional<String> room) {}
    }
}
