package dev.understudy.control.stage;

/**
 * How one participant is recorded. Immutable.
 *
 * @param bucketName {@code ""} unless there is a recording
 * @param prefix where in the bucket, without a slash at the end; {@code ""} unless there is a recording
 */
public record ParticipantRecording(RecordingState state, String bucketName, String prefix) {
    static final ParticipantRecording NONE = new ParticipantRecording(RecordingState.DISABLED, "", "");
}
