package dev.understudy.media.record;

import dev.understudy.protocol.hls.MediaPlaylist;
import dev.understudy.protocol.mp4.InitSegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Takes up a recording that its node left behind. */
public final class RecordingResume {
    private RecordingResume() {}

    /**
     * The recording as its files say it is. Every listed segment is kept, the next one begins a new part, and a segment
     * that was written and never listed is written over. Nothing is written here.
     *
     * @param epoch when tick 0 of the composition that goes on is due; it need not be the one of before
     * @return empty when the playlist is not one of ours or the recording has other segments than {@code spec} asks for
     */
    public static Optional<CompositeRecording> resume(
            RecordingSpec spec, Instant epoch, FileSink sink, RecordingFiles files) {
        String folder = spec.prefix() + "/" + RecordingDocuments.HLS_FOLDER + "/" + spec.rendition() + "/";
        Optional<byte[]> playlist = files.read(folder + RecordingDocuments.PLAYLIST);
        Optional<Instant> startedAt =
                files.read(spec.prefix() + "/" + RecordingDocuments.STARTED).flatMap(RecordingResume::startedAt);
        if (playlist.isEmpty()) {
            return Optional.of(new CompositeRecording(spec, epoch, sink, new Publication(spec, sink), startedAt));
        }
        return playlist.map(bytes -> MediaPlaylist.parse(new String(bytes, StandardCharsets.UTF_8)))
                .filter(listed -> listed.targetSeconds() == spec.targetSeconds())
                .map(listed -> new Publication(spec, sink, listed, lastInit(listed, folder, files)))
                .map(publication -> new CompositeRecording(spec, epoch, sink, publication, startedAt));
    }

    private static Optional<InitSegment> lastInit(MediaPlaylist listed, String folder, RecordingFiles files) {
        return listed.parts().isEmpty()
                ? Optional.empty()
                : files.read(folder + listed.parts().getLast().initUri())
                        .map(bytes -> InitSegment.parse(ByteBuffer.wrap(bytes)));
    }

    private static Optional<Instant> startedAt(byte[] document) {
        try {
            String at = JsonMapper.shared()
                    .readTree(document)
                    .path("recording_started_at")
                    .asString("");
            return Optional.of(Instant.parse(at));
        } catch (JacksonException | DateTimeException _) {
            return Optional.empty();
        }
    }
}
