package dev.fanfare.jakarta;

import static dev.fanfare.jakarta.Rows.buffer;

import dev.fanfare.jakarta.RowCoders.*;
import dev.fanfare.jakarta.Rows.Base;
import dev.fanfare.jakarta.Rows.WithError;
import dev.fanfare.jakarta.Rows.Word;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Rows of the table of signatures whose methods answer. */
final class AnswerEndpoints {

    private AnswerEndpoints() {}

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerText extends Base {
        @OnMessage
        public String message(String text) throws Exception {
            return text;
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerBytes extends Base {
        @OnMessage
        public byte[] message(String text) throws Exception {
            return new byte[] {1};
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerBuffer extends Base {
        @OnMessage
        public ByteBuffer message(String text) throws Exception {
            return buffer(1);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerInt extends Base {
        @OnMessage
        public int message(String text) throws Exception {
            return 3;
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerWrapped extends Base {
        @OnMessage
        public Boolean message(String text) throws Exception {
            return true;
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerNull extends Base {
        @OnMessage
        public @Nullable String message(String text) throws Exception {
            return null;
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = TextEncoder.class)
    public static class AnswerWord extends Base {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = TextStreamEncoder.class)
    public static class AnswerWordStream extends Base {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = BinaryEncoder.class)
    public static class AnswerWordBinary extends Base {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = BinaryStreamEncoder.class)
    public static class AnswerWordBinaryStream extends Base {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = TextEncoder.class)
    public static class AnswerSupertype extends Base {
        @OnMessage
        public Record message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = FailingEncoder.class)
    public static class EncoderFails extends WithError {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerUnpairedSurrogate extends WithError {
        @OnMessage
        public String message(String text) throws Exception {
            return "\ud800";
        }
    }
}
