package dev.understudy.media.record;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON documents beside a composite recording, with the members and the order of Amazon IVS.
 *
 * @param rendition the folder of the one rendition
 * @param width in pixels
 * @param height in pixels
 */
record RecordingDocuments(String stageArn, String rendition, int width, int height) {
    static final String STARTED = "events/recording-started.json";
    static final String ENDED = "events/recording-ended.json";
    static final String FAILED = "events/recording-failed.json";
    static final String HLS_FOLDER = "media/hls";
    static final String MULTIVARIANT = "multivariant.m3u8";
    static final String PLAYLIST = "playlist.m3u8";

    private static final JsonMapper JSON = JsonMapper.shared();

    static RecordingDocuments of(RecordingSpec spec) {
        return new RecordingDocuments(spec.stageArn(), spec.rendition(), spec.width(), spec.height());
    }

    byte[] started(Instant at) {
        ObjectNode document = document(Optional.of(at), Optional.empty(), "RECORDING_STARTED", Optional.empty());
        return bytes(withMedia(document, Optional.empty()));
    }

    byte[] ended(Instant startedAt, Instant endedAt, Duration duration) {
        ObjectNode document =
                document(Optional.of(startedAt), Optional.of(endedAt), "RECORDING_ENDED", Optional.empty());
        return bytes(withMedia(document, Optional.of(duration)));
    }

    /** Of a recording that had begun. {@code message} is shown to the customer as it is. */
    byte[] failed(Instant startedAt, Instant endedAt, Duration duration, String message) {
        ObjectNode document = document(
                Optional.of(startedAt), Optional.of(endedAt), "RECORDING_ENDED_WITH_FAILURE", Optional.of(message));
        return bytes(withMedia(document, Optional.of(duration)));
    }

    /** Of a recording that never began: no start, no message, and nothing of any length. */
    byte[] startFailed(Instant at) {
        ObjectNode document = document(Optional.empty(), Optional.of(at), "RECORDING_START_FAILED", Optional.empty());
        return bytes(withMedia(document, Optional.of(Duration.ZERO)));
    }

    private ObjectNode document(
            Optional<Instant> startedAt, Optional<Instant> endedAt, String status, Optional<String> message) {
        ObjectNode document = JSON.createObjectNode().put("version", "v1").put("stage_arn", stageArn);
        startedAt.ifPresent(at -> document.put("recording_started_at", wallTime(at)));
        endedAt.ifPresent(at -> document.put("recording_ended_at", wallTime(at)));
        document.put("recording_status", status);
        message.ifPresent(text -> document.put("recording_status_message", text));
        return document;
    }

    private ObjectNode withMedia(ObjectNode document, Optional<Duration> duration) {
        ObjectNode hls = document.putObject("media").putObject("hls");
        duration.ifPresent(d -> hls.put("duration_ms", d.toMillis()));
        hls.put("path", HLS_FOLDER).put("playlist", MULTIVARIANT);
        hls.putArray("renditions")
                .addObject()
                .put("path", rendition)
                .put("playlist", PLAYLIST)
                .put("resolution_width", width)
                .put("resolution_height", height);
        return document;
    }

    private static String wallTime(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static byte[] bytes(ObjectNode document) {
        return JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
    }
}
