package dev.understudy.media.record;

import dev.understudy.protocol.hls.MultivariantPlaylist.Variant;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares the JSON documents of a recording with those that its own values make: each must come out the same, byte for
 * byte.
 */
final class DocumentsCheck {
    private final String prefix;
    private final RecordingFiles files;
    private final Findings findings;

    DocumentsCheck(String prefix, RecordingFiles files, Findings findings) {
        this.prefix = prefix;
        this.files = files;
        this.findings = findings;
    }

    /** Whether there is a document that says the recording ended, and none that says it failed. */
    boolean check(String rendition, Variant variant, Duration duration) {
        Optional<byte[]> started = files.read(prefix + "/" + RecordingDocuments.STARTED);
        Optional<byte[]> ended = files.read(prefix + "/" + RecordingDocuments.ENDED);
        Optional<byte[]> failed = files.read(prefix + "/" + RecordingDocuments.FAILED);
        findings.unless(started.isPresent(), RecordingDocuments.STARTED + ": missing");
        findings.unless(
                ended.isPresent() != failed.isPresent(),
                ended.isPresent() ? "both an ended and a failed document" : "neither an ended nor a failed document");
        started.ifPresent(bytes -> compare(RecordingDocuments.STARTED, bytes, rendition, variant, duration));
        ended.ifPresent(bytes -> compare(RecordingDocuments.ENDED, bytes, rendition, variant, duration));
        failed.ifPresent(bytes -> compare(RecordingDocuments.FAILED, bytes, rendition, variant, duration));
        return ended.isPresent() && failed.isEmpty();
    }

    private void compare(String path, byte[] bytes, String rendition, Variant variant, Duration duration) {
        try {
            JsonNode document = JsonMapper.shared().readTree(bytes);
            var documents = new RecordingDocuments(
                    document.path("stage_arn").asString(""), rendition, variant.width(), variant.height());
            byte[] expected = expected(path, documents, document, duration);
            findings.unless(
                    Arrays.equals(expected, bytes), path + ": not " + new String(expected, StandardCharsets.UTF_8));
        } catch (JacksonException | DateTimeException e) {
            findings.add(path + ": " + e.getMessage());
        }
    }

    private static byte[] expected(String path, RecordingDocuments documents, JsonNode document, Duration duration) {
        Instant startedAt = Instant.parse(document.path("recording_started_at").asString(""));
        if (path.equals(RecordingDocuments.STARTED)) {
            return documents.started(startedAt);
        }
        Instant endedAt = Instant.parse(document.path("recording_ended_at").asString(""));
        return path.equals(RecordingDocuments.ENDED)
                ? documents.ended(startedAt, endedAt, duration)
                : documents.failed(
                        startedAt,
                        endedAt,
                        duration,
                        document.path("recording_status_message").asString(""));
    }
}
