package dev.understudy.media.codec;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an H.264 sequence parameter set says of its pictures (H.264 section 7.3.2.1.1).
 *
 * @param profile profile_idc
 * @param constraints the byte of constraint flags
 * @param level level_idc, ten times the level
 * @param width in pixels, after cropping
 * @param height in pixels, after cropping
 * @param chromaFormat chroma_format_idc; 1 is 4:2:0
 * @param bitDepthLuma in bits
 * @param bitDepthChroma in bits
 */
public record Sps(
        int profile,
        int constraints,
        int level,
        int width,
        int height,
        int chromaFormat,
        int bitDepthLuma,
        int bitDepthChroma,
        Vui vui) {
    /** Above what any level allows (section A.3); a larger one is a broken or hostile stream. */
    static final int MAX_PIXELS_A_SIDE = 16_384;

    private static final int NAL_TYPE = 7;
    private static final int MAX_BYTES = 4_096;
    private static final int MACROBLOCK_PIXELS = 16;
    private static final int MAX_POC_CYCLE = 255;

    /** Those whose sets say chroma format, bit depth and scaling lists. */
    private static final Set<Integer> HIGH_PROFILES =
            Set.of(100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135);

    /**
     * Reads one NAL unit, header byte first, between position and limit, leaving both untouched.
     *
     * @return null when it is no well-formed sequence parameter set
     */
    public static @Nullable Sps parse(ByteBuffer nal) {
        boolean isSps =
                nal.remaining() >= 4 && nal.remaining() <= MAX_BYTES && (nal.get(nal.position()) & 0x1F) == NAL_TYPE;
        if (!isSps) {
            return null;
        }
        BitReader bits = new BitReader(nal);
        bits.bits(8);
        int profile = (int) bits.bits(8);
        int constraints = (int) bits.bits(8);
        int level = (int) bits.bits(8);
        bits.unsigned(); // seq_parameter_set_id
        Samples samples = HIGH_PROFILES.contains(profile) ? Samples.read(bits) : new Samples(1, 8, 8);
        skipReferenceFields(bits);
        Size size = Size.read(bits, samples.chromaFormat);
        Vui vui = bits.flag() ? Vui.read(bits) : Vui.UNSPECIFIED;
        if (bits.isExhausted() || !size.isSane() || !samples.isSane()) {
            return null;
        }
        return new Sps(
                profile,
                constraints,
                level,
                (int) size.width,
                (int) size.height,
                (int) samples.chromaFormat,
                (int) samples.depthLuma,
                (int) samples.depthChroma,
                vui);
    }

    /** As RFC 6381 section 3.3 spells it: {@code avc1.64001F}. */
    public String codec() {
        return String.format(Locale.ROOT, "avc1.%02x%02x%02x", profile, constraints, level);
    }

    private record Samples(long chromaFormat, long depthLuma, long depthChroma) {
        static Samples read(BitReader bits) {
            long chromaFormat = bits.unsigned();
            if (chromaFormat == 3) {
                bits.flag(); // separate_colour_plane_flag
            }
            Samples samples = new Samples(chromaFormat, 8 + bits.unsigned(), 8 + bits.unsigned());
            bits.flag(); // qpprime_y_zero_transform_bypass_flag
            if (bits.flag()) {
                skipScalingLists(bits, chromaFormat == 3 ? 12 : 8);
            }
            return samples;
        }

        boolean isSane() {
            return chromaFormat <= 3 && depthLuma <= 14 && depthChroma <= 14;
        }
    }

    /** Section 7.3.2.1.1.1. */
    private static void skipScalingLists(BitReader bits, int lists) {
        for (int list = 0; list < lists; list++) {
            int size = list < 6 ? 16 : 64;
            long next = bits.flag() ? 8 : 0;
            for (int i = 0; i < size && next != 0; i++) {
                next = next + bits.signed() & 0xFF;
            }
        }
    }

    /** From log2_max_frame_num_minus4 to gaps_in_frame_num_value_allowed_flag. */
    private static void skipReferenceFields(BitReader bits) {
        bits.unsigned();
        long pocType = bits.unsigned();
        if (pocType == 0) {
            bits.unsigned();
        } else if (pocType == 1) {
            bits.flag();
            bits.signed();
            bits.signed();
            long cycle = Math.min(bits.unsigned(), MAX_POC_CYCLE);
            for (int i = 0; i < cycle; i++) {
                bits.signed();
            }
        }
        bits.unsigned();
        bits.flag();
    }

    private record Size(long width, long height) {
        static Size read(BitReader bits, long chromaFormat) {
            long width = MACROBLOCK_PIXELS * (bits.unsigned() + 1);
            long mapUnits = bits.unsigned() + 1;
            boolean framesOnly = bits.flag();
            long fields = framesOnly ? 1 : 2;
            if (!framesOnly) {
                bits.flag(); // mb_adaptive_frame_field_flag
            }
            long height = MACROBLOCK_PIXELS * mapUnits * fields;
            bits.flag(); // direct_8x8_inference_flag
            if (bits.flag()) {
                boolean isSubsampled = chromaFormat == 1 || chromaFormat == 2;
                width -= (isSubsampled ? 2 : 1) * (bits.unsigned() + bits.unsigned());
                height -= (chromaFormat == 1 ? 2 : 1) * fields * (bits.unsigned() + bits.unsigned());
            }
            return new Size(width, height);
        }

        boolean isSane() {
            return width > 0 && width <= MAX_PIXELS_A_SIDE && height > 0 && height <= MAX_PIXELS_A_SIDE;
        }
    }

    /**
     * The part of the video usability information that a player acts on (H.264 section E.1.1).
     *
     * @param sarWidth of a sample; 0 when unspecified
     * @param sarHeight of a sample; 0 when unspecified
     * @param fullRange whether luma reaches from 0 to 255 instead of 16 to 235
     * @param primaries colour_primaries; 2 is unspecified, 1 is BT.709
     * @param transfer transfer_characteristics; likewise
     * @param matrix matrix_coefficients; likewise
     */
    public record Vui(int sarWidth, int sarHeight, boolean fullRange, int primaries, int transfer, int matrix) {
        public static final Vui UNSPECIFIED = new Vui(0, 0, false, 2, 2, 2);

        private static final int EXTENDED_SAR = 255;

        static Vui read(BitReader bits) {
            int sar = bits.flag() ? (int) bits.bits(8) : 0;
            int sarWidth = sar == EXTENDED_SAR ? (int) bits.bits(16) : sar == 1 ? 1 : 0;
            int sarHeight = sar == EXTENDED_SAR ? (int) bits.bits(16) : sar == 1 ? 1 : 0;
            if (bits.flag()) {
                bits.flag(); // overscan_appropriate_flag
            }
            if (!bits.flag()) {
                return new Vui(sarWidth, sarHeight, false, 2, 2, 2);
            }
            bits.bits(3); // video_format
            boolean fullRange = bits.flag();
            return bits.flag()
                    ? new Vui(
                            sarWidth, sarHeight, fullRange, (int) bits.bits(8), (int) bits.bits(8), (int) bits.bits(8))
                    : new Vui(sarWidth, sarHeight, fullRange, 2, 2, 2);
        }

        /** What output of ours must say: BT.709 throughout, limited range. */
        public boolean isBt709Limited() {
            return !fullRange && primaries == 1 && transfer == 1 && matrix == 1;
        }
    }
}
