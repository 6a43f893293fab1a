package dev.understudy.protocol.mp4;

import org.jspecify.annotations.Nullable;

/**
 * The H.264 track of a file, always number {@value #ID}: square pixels, colours of BT.709 in limited range.
 *
 * @param timescale units a second
 * @param width in pixels
 * @param height in pixels
 */
public record VideoTrack(int timescale, int width, int height, AvcConfiguration avc) implements Track {
    public static final int ID = 1;

    /** Colour primaries, transfer function and matrix alike (ISO/IEC 23091-2). */
    private static final int BT709 = 1;

    private static final int DPI_72 = 0x0048_0000;
    private static final int ENTRY_FIELDS_BYTES = 78;
    private static final int WIDTH_OFFSET = 24;

    public VideoTrack {
        if (timescale <= 0 || width <= 0 || width > 0xFFFF || height <= 0 || height > 0xFFFF) {
            throw new IllegalArgumentException("video of " + width + "x" + height + " in 1/" + timescale + " s");
        }
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public String handler() {
        return "vide";
    }

    @Override
    public int volume() {
        return 0;
    }

    @Override
    public void writeMediaHeader(BoxWriter out) {
        out.fullBox("vmhd", 0, 1, () -> out.zeros(8));
    }

    @Override
    public void writeSampleEntry(BoxWriter out) {
        out.box("avc1", () -> {
            out.zeros(6).u16(1).zeros(16).u16(width).u16(height);
            out.u32(DPI_72).u32(DPI_72).zeros(4).u16(1).zeros(32).u16(0x18).u16(0xFFFF);
            out.box("avcC", () -> avc.writeTo(out));
            out.box(
                    "colr",
                    () -> out.fourCc("nclx").u16(BT709).u16(BT709).u16(BT709).u8(0));
            out.box("pasp", () -> out.u32(1).u32(1));
        });
    }

    static @Nullable VideoTrack parse(int timescale, Box entry) {
        Box configuration = Box.first(entry.children(ENTRY_FIELDS_BYTES), "avcC");
        AvcConfiguration avc = configuration == null ? null : AvcConfiguration.parse(configuration.content());
        int width = entry.u16(WIDTH_OFFSET);
        int height = entry.u16(WIDTH_OFFSET + 2);
        boolean isSane = timescale > 0 && width > 0 && height > 0;
        return avc == null || !isSane ? null : new VideoTrack(timescale, width, height, avc);
    }
}
