package dev.fanfare.jakarta;

import static dev.fanfare.jakarta.Rows.buffer;

import dev.fanfare.jakarta.Rows.Base;
import dev.fanfare.jakarta.Rows.WithError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Rows of the table of signatures whose methods take texts, bytes, parts and pongs. */
final class MessageEndpoints {

    private MessageEndpoints() {}

    @ServerEndpoint("/t/{id}/{color}")
    public static class TextQuery extends Base {
        @OnMessage
        public void message(@QueryParam("name") String name, String text, @QueryParam("none") Optional<String> none) {
            saw(name, text, none);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Text extends Base {
        @OnMessage
        public void message(String text) throws Exception {
            saw(text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class TextAnyOrder extends Base {
        @OnMessage
        public void message(@PathParam("color") String color, String text, Session session, @PathParam("id") Integer id)
                throws Exception {
            saw(color, text, session, id);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class FromReader extends Base {
        @OnMessage
        public void message(Reader reader) throws Exception {
            var buffer = new char[10];
            saw(new String(buffer, 0, reader.read(buffer)));
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Int extends Base {
        @OnMessage
        public void message(int value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class WrappedInt extends Base {
        @OnMessage
        public void message(Integer value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class LongNumber extends Base {
        @OnMessage
        public void message(long value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ShortNumber extends Base {
        @OnMessage
        public void message(Short value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ByteNumber extends Base {
        @OnMessage
        public void message(byte value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class DoubleNumber extends Base {
        @OnMessage
        public void message(double value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class FloatNumber extends Base {
        @OnMessage
        public void message(Float value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Char extends Base {
        @OnMessage
        public void message(char value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Bool extends Base {
        @OnMessage
        public void message(boolean value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class BadInt extends WithError {
        @OnMessage
        public void message(int value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class BadChar extends WithError {
        @OnMessage
        public void message(char value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class TextParts extends Base {
        @OnMessage
        public void message(String part, boolean last) throws Exception {
            saw(part, last);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Bytes extends Base {
        @OnMessage
        public void message(byte[] bytes) throws Exception {
            saw(bytes);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Buffer extends Base {
        @OnMessage
        public void message(ByteBuffer buffer) throws Exception {
            saw(buffer);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class FromStream extends Base {
        @OnMessage
        public void message(InputStream stream) throws Exception {
            saw(stream.readAllBytes());
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ByteParts extends Base {
        @OnMessage
        public void message(byte[] part, boolean last, Session session) throws Exception {
            saw(part, last, session);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class BufferParts extends Base {
        @OnMessage
        public void message(boolean last, ByteBuffer part) throws Exception {
            saw(last, part);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Pong extends Base {
        @OnMessage
        public void message(PongMessage pong, Session session) throws Exception {
            saw(StandardCharsets.UTF_8.decode(pong.getApplicationData()), session);
        }
    }
}
