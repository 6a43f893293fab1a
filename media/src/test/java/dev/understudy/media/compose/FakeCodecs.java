package dev.understudy.media.compose;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.codec.AudioDecoder;
import dev.understudy.media.codec.AudioEncoder;
import dev.understudy.media.codec.BoxScaler;
import dev.understudy.media.codec.Codecs;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.PlanarPicture;
import dev.understudy.media.codec.Scaler;
import dev.understudy.media.codec.VideoDecoder;
import dev.understudy.media.codec.VideoEncoder;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Codecs whose streams say what is in them. A picture is one grey; a P picture decoded without the one before it comes
 * out as {@link #SMEAR}, unflagged, as real decoders do. Both encoders hold one unit back.
 */
final class FakeCodecs implements Codecs {
    static final int SMEAR = 254;

    int openDecoders;
    int presetSteps;

    /** What one coded picture holds. */
    record Coded(boolean isKeyFrame, int number, int luma, int width, int height) {
        static final int MIN_BYTES = 12;

        private static final byte[] SPS = {0, 0, 0, 1, 0x67, 0x42, (byte) 0xC0, 0x1F};
        private static final byte[] PPS = {0, 0, 0, 1, 0x68, (byte) 0xCE};

        /** In Annex B form, padded to a size. Every value lies in the low halves of bytes, so no start code arises. */
        ByteBuffer annexB(int bytes) {
            ByteBuffer out = ByteBuffer.allocate(64 + bytes);
            if (isKeyFrame) {
                out.put(SPS).put(PPS);
            }
            out.putInt(1).put((byte) (isKeyFrame ? 0x65 : 0x41)).put((byte) 0x80);
            for (int value : List.of(number >> 8, number & 0xFF, luma, width / 2, height / 2)) {
                out.put((byte) (0x10 | (value >> 4))).put((byte) (0x10 | (value & 0xF)));
            }
            for (int i = 0; i < bytes; i++) {
                out.put((byte) 0x55);
            }
            return out.flip();
        }

        static Coded read(ByteBuffer nal) {
            int[] values = new int[5];
            for (int i = 0; i < values.length; i++) {
                int at = nal.position() + 2 + 2 * i;
                values[i] = ((nal.get(at) & 0xF) << 4) | (nal.get(at + 1) & 0xF);
            }
            int number = (values[0] << 8) | values[1];
            return new Coded(AnnexB.nalType(nal) == 5, number, values[2], 2 * values[3], 2 * values[4]);
        }
    }

    @Override
    public VideoDecoder videoDecoder() {
        openDecoders++;
        return new VideoDecoder() {
            private @Nullable PlanarPicture picture;
            private int last = Integer.MIN_VALUE;

            @Override
            public Outcome decode(ByteBuffer annexB) {
                ByteBuffer nal = AnnexB.nalUnits(annexB).getLast();
                if (nal.remaining() < Coded.MIN_BYTES) {
                    return Outcome.DAMAGED;
                }
                Coded coded = Coded.read(nal);
                boolean isClean = coded.isKeyFrame || coded.number == ((last + 1) & 0xFFFF);
                last = isClean ? coded.number : Integer.MIN_VALUE;
                if (picture == null || picture.width() != coded.width || picture.height() != coded.height) {
                    picture = PlanarPicture.allocate(coded.width, coded.height, Arena.ofAuto());
                }
                picture.fill(isClean ? coded.luma : SMEAR, 128, 128);
                return Outcome.PICTURE;
            }

            @Override
            public @Nullable Picture picture() {
                return picture;
            }

            @Override
            public void close() {
                openDecoders--;
            }
        };
    }

    private static final int SOUND_BYTES = 3;

    /** A packet is the samples' count in two bytes and their common value, in 1/100, in one. */
    static ByteBuffer sound(int samples, int hundredths) {
        return ByteBuffer.allocate(3)
                .putShort((short) samples)
                .put((byte) hundredths)
                .flip();
    }

    @Override
    public AudioDecoder audioDecoder() {
        openDecoders++;
        return new AudioDecoder() {
            @Override
            public int decode(ByteBuffer packet, float[] out) {
                if (packet.remaining() != SOUND_BYTES) {
                    return 0;
                }
                int samples = Math.clamp(packet.getShort(packet.position()), 0, MAX_PACKET_SAMPLES);
                Arrays.fill(out, 0, samples * CHANNELS, packet.get(packet.position() + 2) / 100f);
                return samples;
            }

            @Override
            public int conceal(int samples, float[] out) {
                return 0;
            }

            @Override
            public void close() {
                openDecoders--;
            }
        };
    }

    /** What the middle of each quarter of the canvas shows, row by row. */
    static List<Integer> quarters(ByteBuffer accessUnit) {
        return List.of(
                Byte.toUnsignedInt(accessUnit.get(0)),
                Byte.toUnsignedInt(accessUnit.get(1)),
                Byte.toUnsignedInt(accessUnit.get(2)),
                Byte.toUnsignedInt(accessUnit.get(3)));
    }

    @Override
    public VideoEncoder videoEncoder(VideoSettings settings) {
        return new VideoEncoder() {
            private byte[] held = {};
            private long heldTick;
            private boolean heldIsKeyFrame;

            @Override
            public ByteBuffer sps() {
                return ByteBuffer.wrap(new byte[] {0x67, (byte) presetSteps});
            }

            @Override
            public ByteBuffer pps() {
                return ByteBuffer.wrap(new byte[] {0x68});
            }

            @Override
            public void encode(long tick, Picture picture, boolean forceKeyFrame, AccessUnits sink) {
                finish(sink);
                held = new byte[4];
                for (int i = 0; i < held.length; i++) {
                    int x = picture.width() / 4 + i % 2 * picture.width() / 2;
                    int y = picture.height() / 4 + i / 2 * picture.height() / 2;
                    held[i] = picture.plane(0).get(ValueLayout.JAVA_BYTE, (long) y * picture.stride(0) + x);
                }
                heldTick = tick;
                heldIsKeyFrame = forceKeyFrame;
            }

            @Override
            public void finish(AccessUnits sink) {
                if (held.length > 0) {
                    sink.accessUnit(heldTick, heldIsKeyFrame, ByteBuffer.wrap(held));
                }
                held = new byte[0];
            }

            @Override
            public boolean fasten() {
                presetSteps++;
                return true;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public AudioEncoder audioEncoder(int bitsPerSecond) {
        return new AudioEncoder() {
            private float[] held = {};

            @Override
            public ByteBuffer audioSpecificConfig() {
                return ByteBuffer.wrap(new byte[] {0x11, (byte) 0x90});
            }

            @Override
            public void encode(float[] block, Frames sink) {
                finish(sink);
                held = block.clone();
            }

            @Override
            public void finish(Frames sink) {
                if (held.length > 0) {
                    ByteBuffer frame = ByteBuffer.allocate(held.length * Float.BYTES);
                    frame.asFloatBuffer().put(held);
                    sink.frame(frame);
                }
                held = new float[0];
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Scaler scaler() {
        return new BoxScaler();
    }
}
