package dev.understudy.protocol.mp4;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder must know before the first H.264 picture: the {@code avcC} record (ISO/IEC 14496-15 section 5.3.3.1)
 * with one sequence and one picture parameter set and NAL lengths of four bytes.
 *
 * @param sps a whole NAL unit, header byte included
 * @param pps a whole NAL unit, header byte included
 * @param chromaFormat chroma_format_idc; 1 is 4:2:0
 * @param bitDepthLuma in bits, 8 to 14
 * @param bitDepthChroma in bits, 8 to 14
 */
public record AvcConfiguration(ByteBuffer sps, ByteBuffer pps, int chromaFormat, int bitDepthLuma, int bitDepthChroma) {
    private static final int MIN_SPS_BYTES = 4;
    private static final int FIXED_BYTES = 6;

    public AvcConfiguration {
        if (sps.remaining() < MIN_SPS_BYTES || !pps.hasRemaining()) {
            throw new IllegalArgumentException(
                    "parameter sets of " + sps.remaining() + " and " + pps.remaining() + " bytes");
        }
        sps = sps.slice().asReadOnlyBuffer();
        pps = pps.slice().asReadOnlyBuffer();
    }

    /** Of 8 bits and 4:2:0, as every WebRTC sender and our own encoder make it. */
    public static AvcConfiguration of(ByteBuffer sps, ByteBuffer pps) {
        return new AvcConfiguration(sps, pps, 1, 8, 8);
    }

    void writeTo(BoxWriter out) {
        out.u8(1).u8(sps.get(1)).u8(sps.get(2)).u8(sps.get(3));
        out.u8(0xFC | 3); // lengthSizeMinusOne
        out.u8(0xE0 | 1).u16(sps.remaining()).bytes(sps);
        out.u8(1).u16(pps.remaining()).bytes(pps);
        if (hasHighProfileFields()) {
            out.u8(0xFC | chromaFormat).u8(0xF8 | (bitDepthLuma - 8)).u8(0xF8 | (bitDepthChroma - 8));
            out.u8(0); // no sequence parameter set extensions
        }
    }

    /** Baseline, Main and Extended profile records end after the parameter sets. */
    private boolean hasHighProfileFields() {
        int profile = sps.get(1) & 0xFF;
        return profile == 100 || profile == 110 || profile == 122 || profile == 144;
    }

    /** Reads a record of the kind that {@link #writeTo} writes; null for any other. */
    static @Nullable AvcConfiguration parse(ByteBuffer source) {
        ByteBuffer bytes = source.slice();
        if (bytes.remaining() < FIXED_BYTES || bytes.get(0) != 1 || (bytes.get(4) & 3) != 3) {
            return null;
        }
        bytes.position(5);
        ByteBuffer sps = (bytes.get() & 0x1F) == 1 ? sized(bytes) : null;
        ByteBuffer pps = sps != null && bytes.hasRemaining() && bytes.get() == 1 ? sized(bytes) : null;
        if (sps == null || pps == null || sps.remaining() < MIN_SPS_BYTES || !pps.hasRemaining()) {
            return null;
        }
        return bytes.remaining() < 3
                ? of(sps, pps)
                : new AvcConfiguration(sps, pps, bytes.get() & 3, (bytes.get() & 7) + 8, (bytes.get() & 7) + 8);
    }

    private static @Nullable ByteBuffer sized(ByteBuffer bytes) {
        int size = bytes.remaining() < 2 ? -1 : Short.toUnsignedInt(bytes.getShort());
        if (size < 0 || size > bytes.remaining()) {
            return null;
        }
        ByteBuffer set = bytes.slice(bytes.position(), size);
        bytes.position(bytes.position() + size);
        return set;
    }
}
