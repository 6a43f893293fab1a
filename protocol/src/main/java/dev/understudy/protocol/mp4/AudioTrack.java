package dev.understudy.protocol.mp4;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The AAC track of a file, always number {@value #ID}.
 *
 * @param sampleRate in Hz; the track's timescale
 * @param channels 1 to 8
 * @param specificConfig the AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1)
 * @param bitsPerSecond on average
 */
public record AudioTrack(int sampleRate, int channels, ByteBuffer specificConfig, int bitsPerSecond) implements Track {
    public static final int ID = 2;

    /** Descriptor lengths are written in one byte, which leaves room for this much configuration. */
    static final int MAX_CONFIG_BYTES = 64;

    private static final int ENTRY_FIELDS_BYTES = 28;
    private static final int CHANNELS_OFFSET = 16;
    private static final int RATE_OFFSET = 24;

    /** Tags of descriptors (ISO/IEC 14496-1 section 7.2.2.1). */
    private static final int ES = 3;

    private static final int DECODER_CONFIG = 4;
    private static final int DECODER_SPECIFIC = 5;
    private static final int SYNC_LAYER = 6;

    private static final int DECODER_CONFIG_FIELDS_BYTES = 13;
    private static final int AVERAGE_BITRATE_OFFSET = 9;

    public AudioTrack {
        int configBytes = specificConfig.remaining();
        if (sampleRate <= 0 || sampleRate > 0xFFFF || channels <= 0 || channels > 8 || bitsPerSecond < 0) {
            throw new IllegalArgumentException(
                    "audio of " + channels + " channels at " + sampleRate + " Hz, " + bitsPerSecond + " bit/s");
        }
        if (configBytes < 2 || configBytes > MAX_CONFIG_BYTES) {
            throw new IllegalArgumentException("AudioSpecificConfig of " + configBytes + " bytes");
        }
        specificConfig = specificConfig.slice().asReadOnlyBuffer();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public int timescale() {
        return sampleRate;
    }

    @Override
    public String handler() {
        return "soun";
    }

    @Override
    public int width() {
        return 0;
    }

    @Override
    public int height() {
        return 0;
    }

    @Override
    public int volume() {
        return 0x100;
    }

    @Override
    public void writeMediaHeader(BoxWriter out) {
        out.fullBox("smhd", 0, 0, () -> out.zeros(4));
    }

    @Override
    public void writeSampleEntry(BoxWriter out) {
        out.box("mp4a", () -> {
            out.zeros(6)
                    .u16(1)
                    .zeros(8)
                    .u16(channels)
                    .u16(16)
                    .zeros(4)
                    .u16(sampleRate)
                    .u16(0);
            out.fullBox("esds", 0, 0, () -> writeDescriptors(out));
        });
    }

    /** ISO/IEC 14496-1 section 7.2.6.5: AAC, an audio stream, and a sync layer predefined for MP4 files. */
    private void writeDescriptors(BoxWriter out) {
        int configBytes = specificConfig.remaining();
        int decoderBytes = DECODER_CONFIG_FIELDS_BYTES + 2 + configBytes;
        out.u8(ES).u8(3 + 2 + decoderBytes + 3).u16(0).u8(0);
        out.u8(DECODER_CONFIG)
                .u8(decoderBytes)
                .u8(0x40)
                .u8(0x15)
                .u24(0)
                .u32(bitsPerSecond)
                .u32(bitsPerSecond);
        out.u8(DECODER_SPECIFIC).u8(configBytes).bytes(specificConfig);
        out.u8(SYNC_LAYER).u8(1).u8(2);
    }

    static @Nullable AudioTrack parse(int timescale, Box entry) {
        Box esds = Box.first(entry.children(ENTRY_FIELDS_BYTES), "esds");
        int channels = entry.u16(CHANNELS_OFFSET);
        boolean isSane = channels > 0 && channels <= 8 && entry.u16(RATE_OFFSET) == timescale && timescale > 0;
        return esds == null || !isSane ? null : parseDescriptors(timescale, channels, esds.content());
    }

    private static @Nullable AudioTrack parseDescriptors(int timescale, int channels, ByteBuffer esds) {
        ByteBuffer stream = esds.limit() < 4 ? null : descriptor(esds.slice(4, esds.limit() - 4), ES, 3);
        ByteBuffer decoder = stream == null ? null : descriptor(stream, DECODER_CONFIG, 0);
        if (decoder == null || decoder.limit() < DECODER_CONFIG_FIELDS_BYTES) {
            return null;
        }
        int bitsPerSecond = decoder.getInt(AVERAGE_BITRATE_OFFSET);
        decoder.position(DECODER_CONFIG_FIELDS_BYTES);
        ByteBuffer config = descriptor(decoder.slice(), DECODER_SPECIFIC, 0);
        if (config == null || config.limit() < 2 || config.limit() > MAX_CONFIG_BYTES || bitsPerSecond < 0) {
            return null;
        }
        return new AudioTrack(timescale, channels, config, bitsPerSecond);
    }

    /** What follows the first {@code skippedBytes} of the descriptor that {@code bytes} opens with; null for another. */
    private static @Nullable ByteBuffer descriptor(ByteBuffer bytes, int tag, int skippedBytes) {
        if (bytes.limit() < 2
                || bytes.get(0) != tag
                || bytes.get(1) < skippedBytes
                || bytes.get(1) > bytes.limit() - 2) {
            return null;
        }
        return bytes.slice(2 + skippedBytes, bytes.get(1) - skippedBytes);
    }
}
