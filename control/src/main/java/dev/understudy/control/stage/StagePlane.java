package dev.understudy.control.stage;

/** The media side of stages, as the control side commands it. Thread-safe; both return at once and throw nothing. */
public interface StagePlane {

    /** Ends the connection of a participant; one that is not connected is no matter. */
    void disconnect(String stageArn, String participantId);

    /** Ends every connection to a stage, which is gone. */
    void close(String stageArn);
}
