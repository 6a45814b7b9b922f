package dev.fanfare.jakarta;

import dev.fanfare.jakarta.RowCoders.*;
import dev.fanfare.jakarta.Rows.Base;
import dev.fanfare.jakarta.Rows.WithError;
import dev.fanfare.jakarta.Rows.Word;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.server.ServerEndpoint;

/** Rows of the table of signatures whose methods take what decoders make, are inherited, or have a limit. */
final class ObjectEndpoints {

    private ObjectEndpoints() {}

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = TextDecoder.class)
    public static class DecodedText extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = TextStreamDecoder.class)
    public static class DecodedTextStream extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = BinaryDecoder.class)
    public static class DecodedBinary extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = BinaryStreamDecoder.class)
    public static class DecodedBinaryStream extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(
            value = "/t/{id}/{color}",
            decoders = {TextDecoder.class, BinaryDecoder.class})
    public static class DecodedBoth extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(
            value = "/t/{id}/{color}",
            decoders = {NumberDecoder.class, TextDecoder.class})
    public static class FirstWillingDecoder extends WithError {
        @OnMessage
        public void message(Object object) throws Exception {
            saw(object);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = UpperDecoder.class)
    public static class DecoderOfString extends Base {
        @OnMessage
        public void message(String text) throws Exception {
            saw(text);
        }
    }

    public abstract static class Parent extends Base {
        @OnOpen
        public void open() {
            saw("open");
        }

        @OnMessage
        public void message(String text) {
            saw(text);
        }
    }

    @ServerEndpoint("/t")
    public static class Inherited extends Parent {}

    @ServerEndpoint("/t")
    public static class Overridden extends Parent {
        @Override
        public void open() {
            saw("not called: the annotation is not inherited");
        }

        @Override
        @OnMessage
        public void message(String text) {
            saw("overridden", text);
        }
    }

    public abstract static class Generic<T> extends Base {
        @OnMessage
        public abstract void message(T message);
    }

    @ServerEndpoint("/t")
    public static class GenericOverride extends Generic<String> {
        @Override
        @OnMessage
        public void message(String text) {
            saw("generic", text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class MaxSize extends Base {
        @OnMessage(maxMessageSize = 4)
        public void message(String text) throws Exception {
            saw(text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class MaxSizeOfParts extends Base {
        @OnMessage(maxMessageSize = 4)
        public void message(String text, boolean last) throws Exception {
            saw(text);
        }
    }

    @ServerEndpoint(value = "/t", decoders = LifecycleDecoder.class)
    public static class Lifecycle {
        @OnMessage
        public void message(Word word) {}
    }
}
