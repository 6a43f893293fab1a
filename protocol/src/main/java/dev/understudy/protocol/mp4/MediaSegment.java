package dev.understudy.protocol.mp4;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A media segment of one movie fragment, {@code moof} and {@code mdat} (ISO/IEC 14496-12 section 8.8).
 *
 * <p>Data offsets count from the start of the {@code moof}, times are 64 bits wide, and each sample carries its own
 * duration, size and flags: the segment says all of itself.
 *
 * @param sequenceNumber grows from segment to segment, from 1
 * @param tracks in the order in which their data lies; a track without samples is left out
 */
public record MediaSegment(long sequenceNumber, List<TrackFragment> tracks) {
    private static final int DEFAULT_BASE_IS_MOOF = 0x020000;

    /** Of a {@code trun}: data offset; duration, size and flags of each sample. */
    private static final int RUN_FLAGS = 0x000701;

    private static final int RUN_FIELDS_BYTES = 12;
    private static final int RUN_ENTRY_BYTES = 12;

    /** Section 8.8.3.1: depends on no other sample. */
    private static final int SYNC = 0x0200_0000;

    /** Depends on others, and is no sync sample. */
    private static final int NOT_SYNC = 0x0101_0000;

    private static final int NOT_SYNC_BIT = 0x0001_0000;

    public MediaSegment {
        tracks = tracks.stream().filter(track -> !track.samples().isEmpty()).toList();
    }

    public byte[] bytes() {
        int dataBytes = tracks.stream().mapToInt(TrackFragment::dataBytes).reduce(0, Math::addExact);
        int headBytes = headBytes();
        BoxWriter out = new BoxWriter(Math.addExact(headBytes, dataBytes));
        out.box("moof", () -> {
            out.fullBox("mfhd", 0, 0, () -> out.u32(sequenceNumber));
            int offset = headBytes;
            for (TrackFragment track : tracks) {
                fragment(out, track, offset);
                offset += track.dataBytes();
            }
        });
        out.box("mdat", () -> tracks.forEach(track -> track.samples().forEach(sample -> out.bytes(sample.data()))));
        return out.toByteArray();
    }

    /** How far the data lies from the start of the {@code moof}: its boxes and the header of the {@code mdat}. */
    private int headBytes() {
        int bytes = 8 + 16 + 8;
        for (TrackFragment track : tracks) {
            bytes += 8
                    + 16
                    + 20
                    + 8
                    + RUN_FIELDS_BYTES
                    + RUN_ENTRY_BYTES * track.samples().size();
        }
        return bytes;
    }

    private static void fragment(BoxWriter out, TrackFragment track, int dataOffset) {
        out.box("traf", () -> {
            out.fullBox("tfhd", 0, DEFAULT_BASE_IS_MOOF, () -> out.u32(track.trackId()));
            out.fullBox("tfdt", 1, 0, () -> out.u64(track.baseDecodeTime()));
            out.fullBox("trun", 0, RUN_FLAGS, () -> {
                out.u32(track.samples().size()).u32(dataOffset);
                for (Sample sample : track.samples()) {
                    out.u32(sample.duration()).u32(sample.data().remaining()).u32(sample.isSync() ? SYNC : NOT_SYNC);
                }
            });
        });
    }

    /** Reads a segment of the kind that {@link #bytes} writes; null for any other. The samples share their bytes. */
    public static @Nullable MediaSegment parse(ByteBuffer source) {
        ByteBuffer bytes = source.slice();
        List<Box> boxes = Box.parseAll(bytes);
        if (boxes == null || boxes.size() != 2) {
            return null;
        }
        Box moof = boxes.get(0);
        Box header = moof.child("mfhd");
        if (!moof.type().equals("moof") || !boxes.get(1).type().equals("mdat") || header == null) {
            return null;
        }
        List<TrackFragment> tracks = new ArrayList<>();
        for (Box box : moof.children(0)) {
            TrackFragment track = box.type().equals("traf") ? fragment(box, bytes) : null;
            if (track != null) {
                tracks.add(track);
            } else if (!box.type().equals("mfhd")) {
                return null;
            }
        }
        return new MediaSegment(header.u32(4), tracks);
    }

    private static @Nullable TrackFragment fragment(Box traf, ByteBuffer file) {
        Box header = traf.child("tfhd");
        Box time = traf.child("tfdt");
        Box run = traf.child("trun");
        if (header == null
                || header.flags() != DEFAULT_BASE_IS_MOOF
                || header.content().limit() != 8) {
            return null;
        }
        if (time == null
                || time.version() != 1
                || time.content().limit() != 12
                || time.content().getLong(4) < 0) {
            return null;
        }
        List<Sample> samples = run == null || run.flags() != RUN_FLAGS ? null : samples(run.content(), file);
        return samples == null
                ? null
                : new TrackFragment((int) header.u32(4), time.content().getLong(4), samples);
    }

    private static @Nullable List<Sample> samples(ByteBuffer run, ByteBuffer file) {
        int entries = (run.limit() - RUN_FIELDS_BYTES) / RUN_ENTRY_BYTES;
        if (run.limit() < RUN_FIELDS_BYTES || run.getInt(4) != entries) {
            return null;
        }
        List<Sample> samples = new ArrayList<>(entries);
        int offset = run.getInt(8);
        for (int i = 0; i < entries; i++) {
            int entry = RUN_FIELDS_BYTES + i * RUN_ENTRY_BYTES;
            int duration = run.getInt(entry);
            int size = run.getInt(entry + 4);
            if (duration < 0 || size < 0 || offset < 0 || offset > file.limit() - size) {
                return null;
            }
            boolean isSync = (run.getInt(entry + 8) & NOT_SYNC_BIT) == 0;
            samples.add(new Sample(file.slice(offset, size), duration, isSync));
            offset += size;
        }
        return samples;
    }
}
