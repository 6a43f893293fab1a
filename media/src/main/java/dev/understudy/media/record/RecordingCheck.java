package dev.understudy.media.record;

import dev.understudy.media.codec.AudioSpecificConfig;
import dev.understudy.media.codec.Sps;
import dev.understudy.protocol.hls.MediaPlaylist;
import dev.understudy.protocol.hls.MultivariantPlaylist;
import dev.understudy.protocol.hls.MultivariantPlaylist.Variant;
import dev.understudy.protocol.mp4.InitSegment;
import dev.understudy.protocol.mp4.MediaSegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a finished recording, every file of it, and says where it is not what {@link CompositeRecording} promises.
 *
 * <p>It shares the readers of the formats with the writers, and no decision: what a segment should hold is worked out
 * again from what is listed. Confined to one thread; one recording each.
 */
public final class RecordingCheck {
    /** Audio may end this much before video where all went well: a frame that was not begun, and one being filled. */
    private static final int MAX_AUDIO_SHORT_SAMPLES = 2 * Segmenter.SAMPLES_A_FRAME;

    private final String prefix;
    private final RecordingFiles files;
    private final Findings findings = new Findings();

    private RecordingCheck(String prefix, RecordingFiles files) {
        this.prefix = prefix;
        this.files = files;
    }

    /** Checks the recording whose keys begin with {@code prefix}, which has no slash at its end. */
    public static RecordingReport check(String prefix, RecordingFiles files) {
        return new RecordingCheck(prefix, files).report();
    }

    private RecordingReport report() {
        String key = RecordingDocuments.HLS_FOLDER + "/" + RecordingDocuments.MULTIVARIANT;
        MultivariantPlaylist multivariant = read(key, bytes -> MultivariantPlaylist.parse(text(bytes)));
        boolean isSingle = multivariant != null && multivariant.variants().size() == 1;
        if (multivariant == null || !isSingle) {
            findings.unless(multivariant == null, key + ": not exactly one rendition");
            return new RecordingReport(0, 0, 0, 0, 0, 0, findings.all());
        }
        Variant variant = multivariant.variants().getFirst();
        String path = RecordingDocuments.HLS_FOLDER + "/" + variant.uri();
        MediaPlaylist playlist = read(path, bytes -> MediaPlaylist.parse(text(bytes)));
        if (playlist == null) {
            return new RecordingReport(variant.width(), variant.height(), variant.frameRate(), 0, 0, 0, findings.all());
        }
        findings.unless(playlist.ended(), path + ": not ended, so it is still being written or was left behind");
        TickRate rate = TickRate.of(Math.clamp(variant.frameRate(), 1, TickRate.MAX_FRAMES_A_SECOND));
        Duration duration = rate.duration(ticks(playlist, rate));
        boolean endedWell = checkDocuments(variant, duration);
        checkMedia(variant, playlist, rate, endedWell);
        return new RecordingReport(
                variant.width(),
                variant.height(),
                variant.frameRate(),
                duration.toNanos() / 1e9,
                (int) playlist.parts().stream()
                        .mapToLong(part -> part.segments().size())
                        .sum(),
                Math.max(0, playlist.parts().size() - 1),
                findings.all());
    }

    /** Exactly, where adding up what is listed would add up what was rounded. */
    private static long ticks(MediaPlaylist playlist, TickRate rate) {
        return playlist.parts().stream()
                .flatMap(part -> part.segments().stream())
                .mapToLong(segment -> rate.ticksIn(segment.duration()))
                .sum();
    }

    /** Whether the recording says of itself that it ended without a failure. */
    private boolean checkDocuments(Variant variant, Duration duration) {
        var check = new DocumentsCheck(prefix, files, findings);
        String rendition = variant.uri().substring(0, Math.max(0, variant.uri().lastIndexOf('/')));
        return check.check(rendition, variant, duration);
    }

    private void checkMedia(Variant variant, MediaPlaylist playlist, TickRate rate, boolean endedWell) {
        var timeline = new TimelineCheck(rate, playlist.targetSeconds(), findings);
        String folder = RecordingDocuments.HLS_FOLDER + "/" + variant.uri().replaceFirst("[^/]*$", "");
        var bandwidth = new BandwidthMeter(playlist.targetSeconds());
        Instant earliest = Instant.MIN;
        int number = 0;
        for (MediaPlaylist.Part part : playlist.parts()) {
            if (number > 0) {
                timeline.beginPart();
            }
            findings.unless(part.startsAt().isAfter(earliest), part.initUri() + ": not later than the part before");
            earliest = part.startsAt();
            checkInit(folder + part.initUri(), variant, rate);
            number = checkPart(folder, part, number, timeline, bandwidth);
        }
        boolean reachesEnd = Math.abs(timeline.audioShortBySamples()) <= MAX_AUDIO_SHORT_SAMPLES;
        findings.unless(
                !endedWell || reachesEnd, "audio ends " + timeline.audioShortBySamples() + " samples before video");
        findings.unless(
                variant.bandwidth() >= bandwidth.peakBitsPerSecond(),
                "segments take " + bandwidth.peakBitsPerSecond() + " bit/s where BANDWIDTH says "
                        + variant.bandwidth());
    }

    private int checkPart(
            String folder, MediaPlaylist.Part part, int firstNumber, TimelineCheck timeline, BandwidthMeter bandwidth) {
        int number = firstNumber;
        for (MediaPlaylist.Segment listed : part.segments()) {
            findings.unless(listed.uri().equals(number + ".mp4"), listed.uri() + ": listed as segment " + number);
            number++;
            boolean isPartEnd = number == firstNumber + part.segments().size();
            MediaSegment segment = read(folder + listed.uri(), bytes -> {
                bandwidth.add(bytes.length, timeline.exactly(listed.duration()));
                return MediaSegment.parse(ByteBuffer.wrap(bytes));
            });
            if (segment != null) {
                timeline.segment(listed, segment, isPartEnd);
            }
        }
        return number;
    }

    private void checkInit(String path, Variant variant, TickRate rate) {
        InitSegment init = read(path, bytes -> InitSegment.parse(ByteBuffer.wrap(bytes)));
        if (init == null) {
            return;
        }
        Sps sps = Sps.parse(init.video().avc().sps());
        AudioSpecificConfig audio = AudioSpecificConfig.parse(init.audio().specificConfig());
        if (sps == null || audio == null) {
            findings.add(path + ": no SPS or AudioSpecificConfig that can be read");
            return;
        }
        List<Integer> size = List.of(variant.width(), variant.height());
        boolean fits = size.equals(List.of(init.video().width(), init.video().height()))
                && size.equals(List.of(sps.width(), sps.height()));
        findings.unless(fits, path + ": video of another size than " + variant.width() + "x" + variant.height());
        findings.unless(sps.vui().isBt709Limited(), path + ": colours are not said to be BT.709 of limited range");
        findings.unless(
                init.video().timescale() == rate.timescale() && init.audio().timescale() == TickRate.SAMPLES_A_SECOND,
                path + ": timescales " + init.video().timescale() + " and "
                        + init.audio().timescale());
        findings.unless(
                variant.codecs().equals(sps.codec() + "," + audio.codec()),
                path + ": holds " + sps.codec() + "," + audio.codec() + ", listed as " + variant.codecs());
    }

    private <T> @Nullable T read(String path, Function<byte[], @Nullable T> parser) {
        Optional<byte[]> bytes = files.read(prefix + "/" + path);
        if (bytes.isEmpty()) {
            findings.add(path + ": missing");
            return null;
        }
        T value = parser.apply(bytes.get());
        findings.unless(value != null, path + ": malformed");
        return value;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
