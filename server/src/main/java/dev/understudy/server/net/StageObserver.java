package dev.understudy.server.net;

/** Learns who publishes on one stage. Called by the stage's media loop; returns at once. */
public interface StageObserver {
    /** Its tracks are known, and packets may come from now on. */
    void publisherJoined(LivePublisher publisher);

    void publisherLeft(LivePublisher publisher, LeaveReason reason);
}
