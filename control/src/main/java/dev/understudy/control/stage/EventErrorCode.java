package dev.understudy.control.stage;

/** Why a participant could not do what they wanted, by its name in the API. */
public enum EventErrorCode {
    /** The participant's token does not allow it. */
    INSUFFICIENT_CAPABILITIES,
    /** The stage has as many publishers or subscribers as it may have. */
    QUOTA_EXCEEDED,
    /** There is no such publisher to subscribe to. */
    PUBLISHER_NOT_FOUND,
    BITRATE_EXCEEDED,
    RESOLUTION_EXCEEDED,
    /** Published for longer than anybody may at a stretch. */
    STREAM_DURATION_EXCEEDED,
    INVALID_AUDIO_CODEC,
    INVALID_VIDEO_CODEC,
    /** RTMP, by an ingest configuration that is for RTMPS. */
    INVALID_PROTOCOL,
    INVALID_STREAM_KEY,
    /** Somebody else publishes with the stream key. */
    REUSE_OF_STREAM_KEY,
    B_FRAME_PRESENT,
    INVALID_INPUT,
    INTERNAL_SERVER_EXCEPTION
}
