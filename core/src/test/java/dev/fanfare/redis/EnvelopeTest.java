package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Message;
import dev.fanfare.Message.Attributes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EnvelopeTest {

    private static final Attributes ALL =
            new Attributes("id", "key", "session", "00-4bf92f-00f067-01", Instant.ofEpochMilli(1_700_000_000_123L));

    private static Message decoded(byte[] bytes) {
        return assertInstanceOf(Envelope.Content.class, Envelope.decode(bytes)).message();
    }

    private static String unreadable(byte... bytes) {
        return assertInstanceOf(Envelope.Unreadable.class, Envelope.decode(bytes))
                .reason();
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void plainTextIsItsUtf8AndNothingElse() {
        assertArrayEquals("hé".getBytes(StandardCharsets.UTF_8), Envelope.encode(Message.text("hé")));
        assertArrayEquals(new byte[0], Envelope.encode(Message.text("")));
        assertEquals(
                "", assertInstanceOf(Message.Text.class, decoded(new byte[0])).text());
    }

    /** The example of docs/wire-format.md. */
    @Test
    void theBytesAreThoseOfTheSpecification() {
        var message = Message.text("hi").with(new Attributes(null, "k", "s1", null, Instant.ofEpochMilli(1_000)));
        var bytes =
                hex("FF 46 41 4E  01  01  04 00000001 6B  85 00000002 7331  07 00000008 00000000000003E8  00  6869");
        assertArrayEquals(bytes, Envelope.encode(message));
        assertArrayEquals(hex("FF 46 41 4E 01 02 00 FF"), Envelope.encode(Message.binary(ByteBuffer.wrap(hex("FF")))));
    }

    @Test
    void everythingComesBackAsItLeft() {
        for (var message : new Message[] {
            Message.text("text").with(ALL),
            Message.text("").with(ALL),
            Message.binary(ByteBuffer.wrap(hex("C328FF"))),
            Message.binary(ByteBuffer.wrap(hex("00"))).with(ALL)
        }) {
            var back = decoded(Envelope.encode(message));
            assertEquals(message.getClass(), back.getClass());
            assertEquals(message.buffer(), back.buffer());
            assertEquals(message.attributes(), back.attributes());
        }
    }

    @Test
    void expiriesBeyondSixtyFourBitsAreAsGoodAsTheLastMoment() {
        var back = decoded(Envelope.encode(Message.text("x").with(Attributes.expiresAt(Instant.MAX))));
        assertEquals(Instant.ofEpochMilli(Long.MAX_VALUE), back.attributes().expiresAt());
    }

    @Test
    void anEnvelopeCutOffAnywhereIsUnreadableOrAShorterPayload() {
        var payload = "payload".getBytes(StandardCharsets.UTF_8);
        var whole = Envelope.encode(Message.text("payload").with(ALL));
        int head = whole.length - payload.length;
        for (int length = 1; length < whole.length; length++) {
            var cut = Arrays.copyOf(whole, length);
            if (length < head) {
                unreadable(cut);
            } else {
                assertEquals(
                        ByteBuffer.wrap(payload, 0, length - head), decoded(cut).buffer());
            }
        }
    }

    @Test
    void unknownFieldsAreSkippedUnlessTheyAreCritical() {
        var text = assertInstanceOf(
                Message.Text.class, decoded(hex("FF46414E 01 01  7F 00000002 AABB  04 00000001 6B  00 6869")));
        assertEquals("hi", text.text());
        assertEquals(Attributes.key("k"), text.attributes());
        assertEquals(
                "an envelope with the unknown critical field 127",
                unreadable(hex("FF46414E 01 01  FF 00000002 AABB  00 6869")));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertEquals("neither UTF-8 nor an envelope", unreadable(hex("C328")));
        assertEquals("neither UTF-8 nor an envelope", unreadable(hex("FF46414F 01 01 00")));
        assertEquals("an envelope of version 2, known is 1", unreadable(hex("FF46414E 02 01 00")));
        assertEquals("an envelope of unknown kind 9", unreadable(hex("FF46414E 01 09 00")));
        assertEquals("an envelope with text that is not UTF-8", unreadable(hex("FF46414E 01 01 00 C328")));
        assertEquals("an envelope with text that is not UTF-8", unreadable(hex("FF46414E 01 01 03 00000001 FF 00")));
        assertEquals("an envelope that ends too early", unreadable(hex("FF46414E 01 01 03 7FFFFFFF 00")));
        assertEquals("an envelope that ends too early", unreadable(hex("FF46414E 01 01 03 FFFFFFFF 00")));
        assertEquals("an envelope that ends too early", unreadable(hex("FF46414E 01 01 07 00000001 00 00")));
        assertInstanceOf(Envelope.Command.class, Envelope.decode(hex("FF46414E 01 03 00 01")));
    }

    /** Any bytes decode to something; a failure names the seed. */
    @Test
    @Timeout(600) // millions of them, on a busy machine
    void noBytesMakeItThrow() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var corpus = List.of(
                Envelope.encode(Message.binary(ByteBuffer.wrap(hex("0102"))).with(ALL)),
                Envelope.encode(Message.text("héllo \uD83C\uDFBA").with(ALL)),
                Envelope.encode(new Canary.Mark(1, 2)),
                hex("FF46414E 01 01  7F 00000002 AABB  84 00000001 6B  00 6869"),
                hex("68C3A96C6C6F F09F8EBA EDA080"));
        int rounds = Integer.getInteger("fanfare.fuzz", 20_000);
        for (int round = 0; round < rounds; round++) {
            var bytes = round % 4 == 0 ? noise(random) : mutated(corpus.get(random.nextInt(corpus.size())), random);
            try {
                assertNotNull(Envelope.decode(bytes));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
            }
        }
    }

    private static byte[] noise(Random random) {
        var bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
        var out = new ByteArrayOutputStream();
        out.writeBytes(hex(random.nextBoolean() ? "FF46414E01" : "FF46414E0101"));
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    private static byte[] mutated(byte[] whole, Random random) {
        var bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 8));
        for (int n = random.nextInt(4); n >= 0 && bytes.length > 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void plainTextIsNotCopied() {
        var message = Message.text("shared");
        assertTrue(message.buffer().array() == Envelope.encode(message));
    }
}
