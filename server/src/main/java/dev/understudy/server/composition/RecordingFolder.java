package dev.understudy.server.composition;

import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.media.record.CompositeRecording;
import dev.understudy.media.record.RecordingResume;
import dev.understudy.media.record.RecordingSpec;
import dev.understudy.server.storage.Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Where in which bucket one recording lies, and how it is opened: anew, or where a node that died has left it.
 *
 * <p>Blocks on the bucket. Confined to the composition's mailbox.
 */
final class RecordingFolder {
    private static final String STARTED = "/events/recording-started.json";

    private final Bucket bucket;
    private final RecordingSpec spec;

    RecordingFolder(Bucket bucket, RecordingSpec spec) {
        this.bucket = bucket;
        this.spec = spec;
    }

    static RecordingFolder of(
            CompositionSpec composition, CompositionSpec.Recording recording, Bucket bucket, int audioBitsPerSecond) {
        var video = recording.video();
        String rendition =
                video.height() + "p" + Math.round(video.framerate()) + "-" + recording.encoderConfigurationId();
        return new RecordingFolder(
                bucket,
                new RecordingSpec(
                        recording.recordingPrefix(),
                        rendition,
                        video.framerate(),
                        video.width(),
                        video.height(),
                        video.bitrate(),
                        audioBitsPerSecond,
                        recording.segmentSeconds(),
                        composition.stageArn()));
    }

    /** Whether a node has begun this recording before. */
    boolean isBegun() {
        return read(spec.prefix() + STARTED).isPresent();
    }

    /**
     * The recording, begun now or gone on with.
     *
     * @param epoch when tick 0 is due
     */
    CompositeRecording open(Instant epoch) {
        if (isBegun()) {
            removeLeftovers();
            return RecordingResume.resume(spec, epoch, this::put, this::read)
                    .orElseThrow(() -> new IllegalStateException(
                            "the recording left behind in " + spec.prefix() + " cannot be gone on with"));
        }
        var recording = new CompositeRecording(spec, epoch, this::put);
        recording.started(epoch);
        return recording;
    }

    private void removeLeftovers() {
        try {
            bucket.removeLeftovers(spec.prefix());
        } catch (IOException e) {
            throw new UncheckedIOException("recording could not be gone on with: " + e.getMessage(), e);
        }
    }

    private void put(String key, byte[] content) {
        try {
            bucket.put(key, content);
        } catch (IOException e) {
            throw new UncheckedIOException("recording could not be written: " + e.getMessage(), e);
        }
    }

    private Optional<byte[]> read(String key) {
        try {
            return bucket.get(key);
        } catch (IOException e) {
            throw new UncheckedIOException("recording could not be read: " + e.getMessage(), e);
        }
    }
}
