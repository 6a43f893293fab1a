package dev.understudy.server.app;

import dev.understudy.control.stage.StagePlane;
import dev.understudy.server.net.MediaPlane;

/** What the control side can do to those who are connected to a stage. Thread-safe. */
record StageConnections(MediaPlane media) implements StagePlane {
    @Override
    public void disconnect(String stageArn, String participantId) {
        media.disconnect(stageArn, participantId);
    }

    @Override
    public void close(String stageArn) {
        media.disconnectAll(stageArn);
    }
}
