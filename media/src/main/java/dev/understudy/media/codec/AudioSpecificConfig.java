package dev.understudy.media.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an AAC decoder must know before the first frame (ISO/IEC 14496-3 section 1.6.2.1).
 *
 * @param objectType 2 is AAC-LC
 * @param sampleRate in Hz
 * @param channels 1 to 6, or 8
 */
public record AudioSpecificConfig(int objectType, int sampleRate, int channels) {
    public static final int AAC_LC = 2;

    private static final int ESCAPE = 15;

    /** By sampling frequency index (table 1.18). */
    private static final int[] RATES = {
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    };

    /** Reads the bytes between position and limit; null when they are cut short or say nothing known. */
    public static @Nullable AudioSpecificConfig parse(ByteBuffer bytes) {
        BitReader bits = new BitReader(bytes);
        int objectType = (int) bits.bits(5);
        int rateIndex = (int) bits.bits(4);
        long rate = rateIndex == ESCAPE ? bits.bits(24) : rateIndex < RATES.length ? RATES[rateIndex] : 0;
        int configuration = (int) bits.bits(4);
        int channels = configuration == 7 ? 8 : configuration;
        boolean isSane = objectType > 0 && objectType < 31 && rate > 0 && channels > 0 && channels <= 8;
        return bits.isExhausted() || !isSane ? null : new AudioSpecificConfig(objectType, (int) rate, channels);
    }

    /** As RFC 6381 section 3.3 spells it: {@code mp4a.40.2}. */
    public String codec() {
        return "mp4a.40." + objectType;
    }
}
