package dev.understudy.protocol.mp4;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The initialization segment of a fragmented file with one H.264 and one AAC track: {@code ftyp} and {@code moov}
 * (ISO/IEC 14496-12 section 8.2, RFC 8216 section 3.3).
 *
 * <p>There is no edit list: decode times in the media segments are presentation times.
 */
public record InitSegment(VideoTrack video, AudioTrack audio) {
    private static final int CAPACITY_BYTES = 1_536;
    private static final int MOVIE_TIMESCALE = 1_000;
    private static final int FIXED_ONE = 0x0001_0000;

    /** "und", three letters of five bits (section 8.4.2.3). */
    private static final int UNDETERMINED_LANGUAGE = 0x55C4;

    private static final int TRACK_ENABLED_IN_MOVIE = 3;
    private static final int DATA_IN_SAME_FILE = 1;

    public byte[] bytes() {
        BoxWriter out = new BoxWriter(CAPACITY_BYTES);
        out.box("ftyp", () -> out.fourCc("iso6").u32(0).fourCc("iso6").fourCc("mp41"));
        out.box("moov", () -> {
            movieHeader(out);
            track(out, video);
            track(out, audio);
            out.box("mvex", () -> {
                trackExtends(out, video);
                trackExtends(out, audio);
            });
        });
        return out.toByteArray();
    }

    private static void movieHeader(BoxWriter out) {
        out.fullBox("mvhd", 0, 0, () -> {
            out.zeros(8).u32(MOVIE_TIMESCALE).u32(0).u32(FIXED_ONE).u16(0x100).zeros(10);
            matrix(out).zeros(24).u32(AudioTrack.ID + 1);
        });
    }

    private static void track(BoxWriter out, Track track) {
        out.box("trak", () -> {
            out.fullBox("tkhd", 0, TRACK_ENABLED_IN_MOVIE, () -> {
                out.zeros(8)
                        .u32(track.id())
                        .zeros(4)
                        .u32(0)
                        .zeros(8)
                        .u16(0)
                        .u16(0)
                        .u16(track.volume())
                        .zeros(2);
                matrix(out).u16(track.width()).u16(0).u16(track.height()).u16(0);
            });
            out.box("mdia", () -> media(out, track));
        });
    }

    private static void media(BoxWriter out, Track track) {
        out.fullBox(
                "mdhd",
                0,
                0,
                () -> out.zeros(8)
                        .u32(track.timescale())
                        .u32(0)
                        .u16(UNDETERMINED_LANGUAGE)
                        .u16(0));
        out.fullBox(
                "hdlr",
                0,
                0,
                () -> out.zeros(4).fourCc(track.handler()).zeros(12).u8(0)); // no name
        out.box("minf", () -> {
            track.writeMediaHeader(out);
            out.box(
                    "dinf",
                    () -> out.fullBox("dref", 0, 0, () -> out.u32(1).fullBox("url ", 0, DATA_IN_SAME_FILE, () -> {})));
            out.box("stbl", () -> sampleTable(out, track));
        });
    }

    /** Empty but for the sample entry: the samples are in the fragments. */
    private static void sampleTable(BoxWriter out, Track track) {
        out.fullBox("stsd", 0, 0, () -> {
            out.u32(1);
            track.writeSampleEntry(out);
        });
        out.fullBox("stts", 0, 0, () -> out.u32(0));
        out.fullBox("stsc", 0, 0, () -> out.u32(0));
        out.fullBox("stsz", 0, 0, () -> out.u32(0).u32(0));
        out.fullBox("stco", 0, 0, () -> out.u32(0));
    }

    private static void trackExtends(BoxWriter out, Track track) {
        out.fullBox("trex", 0, 0, () -> out.u32(track.id()).u32(1).u32(0).u32(0).u32(0));
    }

    private static BoxWriter matrix(BoxWriter out) {
        return out.u32(FIXED_ONE).zeros(12).u32(FIXED_ONE).zeros(12).u32(0x4000_0000);
    }

    /** Reads a segment of the kind that {@link #bytes} writes; null for any other, and for one with an edit list. */
    public static @Nullable InitSegment parse(ByteBuffer bytes) {
        List<Box> boxes = Box.parseAll(bytes);
        Box movie = boxes == null ? null : Box.first(boxes, "moov");
        if (movie == null) {
            return null;
        }
        VideoTrack video = null;
        AudioTrack audio = null;
        for (Box trak : movie.children(0)) {
            Box entry = trak.type().equals("trak") && trak.child("edts") == null ? sampleEntry(trak) : null;
            int timescale = timescale(trak);
            if (entry != null && entry.type().equals("avc1") && hasId(trak, VideoTrack.ID)) {
                video = VideoTrack.parse(timescale, entry);
            } else if (entry != null && entry.type().equals("mp4a") && hasId(trak, AudioTrack.ID)) {
                audio = AudioTrack.parse(timescale, entry);
            }
        }
        return video == null || audio == null ? null : new InitSegment(video, audio);
    }

    private static @Nullable Box sampleEntry(Box trak) {
        Box descriptions = trak.descendant("mdia", "minf", "stbl", "stsd");
        List<Box> entries = descriptions == null ? List.of() : descriptions.children(8);
        return entries.size() == 1 ? entries.getFirst() : null;
    }

    private static int timescale(Box trak) {
        Box header = trak.descendant("mdia", "mdhd");
        return header == null ? -1 : (int) header.u32(12);
    }

    private static boolean hasId(Box trak, int id) {
        Box header = trak.child("tkhd");
        return header != null && header.u32(12) == id;
    }
}
