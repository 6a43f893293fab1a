package dev.understudy.media.link;

import dev.understudy.media.layout.GridOptions;
import dev.understudy.media.link.LinkMessage.TrackKind;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How link messages are written: big-endian, each behind its length.
 *
 * <pre>
 * | length (4) | version (1) | type (1) | body … |      length counts version, type and body
 * </pre>
 *
 * <p>Both ends come from one build, so a version that is not ours is a fault, not a negotiation. Stateless.
 */
public final class LinkCodec {
    public static final int VERSION = 1;

    /** A whole IDR at the highest bitrate of the API is well under 2 MiB; what claims more is not from us. */
    public static final int MAX_MESSAGE_BYTES = 4 << 20;

    /** The API bounds attributes to 1 KB in total, so they cannot number more. */
    private static final int MAX_ATTRIBUTES = 1_024;

    private static final int LENGTH_BYTES = 4;

    private LinkCodec() {}

    /**
     * Appends a message to {@code out}.
     *
     * @return whether it fitted; if not, {@code out} is as it was
     */
    public static boolean write(LinkMessage message, ByteBuffer out) {
        int start = out.position();
        try {
            out.putInt(0).put((byte) VERSION).put((byte) type(message));
            writeBody(message, out);
        } catch (BufferOverflowException e) {
            out.position(start);
            return false;
        }
        out.putInt(start, out.position() - start - LENGTH_BYTES);
        return true;
    }

    /**
     * Takes one whole message off the front of {@code in}.
     *
     * @return null when {@code in} does not hold a whole message yet; it is left as it was
     * @throws IllegalArgumentException when the bytes cannot be from this build: the link must be given up
     */
    public static @Nullable LinkMessage read(ByteBuffer in) {
        if (in.remaining() < LENGTH_BYTES) {
            return null;
        }
        int length = in.getInt(in.position());
        if (length < 2 || length > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("link message of " + length + " bytes");
        }
        if (in.remaining() < LENGTH_BYTES + length) {
            return null;
        }
        ByteBuffer message = in.slice(in.position() + LENGTH_BYTES, length);
        in.position(in.position() + LENGTH_BYTES + length);
        return readWhole(message);
    }

    private static LinkMessage readWhole(ByteBuffer in) {
        int version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("link version " + version + ", expected " + VERSION);
        }
        try {
            LinkMessage message = readBody(in.get(), in);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException(in.remaining() + " bytes behind a " + message.getClass());
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("link message ends too early", e);
        }
    }

    private static int type(LinkMessage message) {
        return switch (message) {
            case LinkMessage.Configure _ -> 1;
            case LinkMessage.AddPublisher _ -> 2;
            case LinkMessage.RemovePublisher _ -> 3;
            case LinkMessage.AddTrack _ -> 4;
            case LinkMessage.RemoveTrack _ -> 5;
            case LinkMessage.Rtp _ -> 6;
            case LinkMessage.SenderReport _ -> 7;
            case LinkMessage.Ping _ -> 8;
            case LinkMessage.Stop _ -> 9;
            case LinkMessage.Ready _ -> 33;
            case LinkMessage.Pong _ -> 34;
            case LinkMessage.CodecConfig _ -> 35;
            case LinkMessage.VideoFrame _ -> 36;
            case LinkMessage.AudioFrame _ -> 37;
            case LinkMessage.RequestKeyFrame _ -> 38;
            case LinkMessage.FirstShown _ -> 39;
            case LinkMessage.Statistics _ -> 40;
            case LinkMessage.Drained _ -> 41;
            case LinkMessage.Broken _ -> 42;
        };
    }

    private static void writeBody(LinkMessage message, ByteBuffer out) {
        switch (message) {
            case LinkMessage.Configure m -> writeConfigure(m, out);
            case LinkMessage.AddPublisher m -> {
                out.putInt(m.publisher());
                putString(m.participantId(), out);
                putString(m.userId(), out);
                putMap(m.attributes(), out);
            }
            case LinkMessage.RemovePublisher m -> out.putInt(m.publisher());
            case LinkMessage.AddTrack m -> {
                out.putInt(m.track()).putInt(m.publisher()).put(ordinal(m.kind()));
                out.putInt(m.clockRateHz()).putInt(m.channels());
                putBytes(m.parameterSets(), out);
            }
            case LinkMessage.RemoveTrack m -> out.putInt(m.track());
            case LinkMessage.Rtp m -> {
                out.putInt(m.track()).putLong(m.sequence()).putLong(m.arrivalNanos());
                putBytes(m.packet(), out);
            }
            case LinkMessage.SenderReport m ->
                out.putInt(m.track())
                        .putLong(m.ntpTimestamp())
                        .putLong(m.rtpTimestamp())
                        .putLong(m.arrivalNanos());
            case LinkMessage.Ping m -> out.putLong(m.nodeNanos());
            case LinkMessage.Stop m -> out.putLong(m.lastTick());
            case LinkMessage.Ready m -> out.putLong(m.processId());
            case LinkMessage.Pong m -> out.putLong(m.nodeNanos()).putLong(m.workerNanos());
            case LinkMessage.CodecConfig m -> {
                putBytes(m.sps(), out);
                putBytes(m.pps(), out);
                putBytes(m.audioSpecificConfig(), out);
            }
            case LinkMessage.VideoFrame m -> {
                out.putLong(m.tick()).put(flag(m.isKeyFrame())).put(flag(m.repeated()));
                putBytes(m.accessUnit(), out);
            }
            case LinkMessage.AudioFrame m -> {
                out.putLong(m.sample());
                putBytes(m.frame(), out);
            }
            case LinkMessage.RequestKeyFrame m -> out.putInt(m.track());
            case LinkMessage.FirstShown m -> out.putInt(m.publisher()).putLong(m.tick());
            case LinkMessage.Statistics m -> writeStatistics(m, out);
            case LinkMessage.Drained _ -> {}
            case LinkMessage.Broken m -> putString(m.reason(), out);
        }
    }

    private static LinkMessage readBody(int type, ByteBuffer in) {
        return switch (type) {
            case 1 -> readConfigure(in);
            case 2 -> new LinkMessage.AddPublisher(in.getInt(), string(in), string(in), map(in));
            case 3 -> new LinkMessage.RemovePublisher(in.getInt());
            case 4 ->
                new LinkMessage.AddTrack(
                        in.getInt(),
                        in.getInt(),
                        constant(TrackKind.values(), in),
                        in.getInt(),
                        in.getInt(),
                        bytes(in));
            case 5 -> new LinkMessage.RemoveTrack(in.getInt());
            case 6 -> new LinkMessage.Rtp(in.getInt(), in.getLong(), in.getLong(), bytes(in));
            case 7 -> new LinkMessage.SenderReport(in.getInt(), in.getLong(), in.getLong(), in.getLong());
            case 8 -> new LinkMessage.Ping(in.getLong());
            case 9 -> new LinkMessage.Stop(in.getLong());
            case 33 -> new LinkMessage.Ready(in.getLong());
            case 34 -> new LinkMessage.Pong(in.getLong(), in.getLong());
            case 35 -> new LinkMessage.CodecConfig(bytes(in), bytes(in), bytes(in));
            case 36 -> new LinkMessage.VideoFrame(in.getLong(), in.get() != 0, in.get() != 0, bytes(in));
            case 37 -> new LinkMessage.AudioFrame(in.getLong(), bytes(in));
            case 38 -> new LinkMessage.RequestKeyFrame(in.getInt());
            case 39 -> new LinkMessage.FirstShown(in.getInt(), in.getLong());
            case 40 ->
                new LinkMessage.Statistics(
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong());
            case 41 -> new LinkMessage.Drained();
            case 42 -> new LinkMessage.Broken(string(in));
            default -> throw new IllegalArgumentException("link message of type " + type);
        };
    }

    private static void writeConfigure(LinkMessage.Configure m, ByteBuffer out) {
        out.putLong(m.epochNanos()).putLong(m.firstTick());
        out.putInt(m.width()).putInt(m.height()).putDouble(m.framesPerSecond());
        out.putInt(m.videoBitsPerSecond()).putInt(m.audioBitsPerSecond()).putInt(m.gopTicks());
        out.putLong(m.playoutDelayNanos());
        out.putInt(m.grid().gapPixels()).put(flag(m.grid().omitStoppedVideo()));
        out.put(ordinal(m.grid().tileShape())).put(ordinal(m.grid().fillMode()));
    }

    private static LinkMessage.Configure readConfigure(ByteBuffer in) {
        return new LinkMessage.Configure(
                in.getLong(),
                in.getLong(),
                in.getInt(),
                in.getInt(),
                in.getDouble(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getLong(),
                new GridOptions(
                        in.getInt(),
                        in.get() != 0,
                        constant(GridOptions.TileShape.values(), in),
                        constant(GridOptions.FillMode.values(), in)));
    }

    private static void writeStatistics(LinkMessage.Statistics m, ByteBuffer out) {
        out.putLong(m.cpuNanos()).putLong(m.ticksRendered()).putLong(m.ticksRepeated());
        out.putLong(m.framesDecoded()).putLong(m.framesDamaged());
        out.putLong(m.audioConcealedSamples()).putLong(m.packetsDropped());
    }

    private static byte flag(boolean value) {
        return (byte) (value ? 1 : 0);
    }

    /** Both ends are one build, so a constant's place is its name. */
    @SuppressWarnings("EnumOrdinal")
    private static byte ordinal(Enum<?> constant) {
        return (byte) constant.ordinal();
    }

    private static <T> T constant(T[] constants, ByteBuffer in) {
        int ordinal = in.get();
        if (ordinal < 0 || ordinal >= constants.length) {
            throw new IllegalArgumentException("no constant " + ordinal + " of " + constants[0]);
        }
        return constants[ordinal];
    }

    private static void putBytes(ByteBuffer bytes, ByteBuffer out) {
        out.putInt(bytes.remaining()).put(bytes.duplicate());
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] copy = new byte[length];
        in.get(copy);
        return ByteBuffer.wrap(copy);
    }

    private static void putString(String text, ByteBuffer out) {
        putBytes(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), out);
    }

    private static String string(ByteBuffer in) {
        return StandardCharsets.UTF_8.decode(bytes(in)).toString();
    }

    private static void putMap(Map<String, String> map, ByteBuffer out) {
        out.putInt(map.size());
        map.forEach((key, value) -> {
            putString(key, out);
            putString(value, out);
        });
    }

    private static Map<String, String> map(ByteBuffer in) {
        int size = in.getInt();
        if (size < 0 || size > MAX_ATTRIBUTES) {
            throw new IllegalArgumentException(size + " attributes");
        }
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(string(in), string(in));
        }
        return map;
    }
}
