package dev.understudy.control.stage;

/** What can happen to a participant, by its name in the API. */
public enum EventName {
    JOINED,
    LEFT,
    PUBLISH_STARTED,
    PUBLISH_STOPPED,
    SUBSCRIBE_STARTED,
    SUBSCRIBE_STOPPED,
    PUBLISH_ERROR,
    SUBSCRIBE_ERROR,
    JOIN_ERROR,
    REPLICATION_STARTED,
    REPLICATION_STOPPED,
    TOKEN_EXCHANGED
}
