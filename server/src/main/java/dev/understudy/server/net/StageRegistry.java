package dev.understudy.server.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who publishes on the stages of one media loop, and who wants to know. Confined to that loop; other threads come in
 * through {@link MediaLoop#post}.
 */
public final class StageRegistry {
    /** A stage with its publishers in the order in which they came. */
    private static final class Stage {
        final Map<String, LivePublisher> publishers = new LinkedHashMap<>();
        final List<StageObserver> observers = new ArrayList<>();

        boolean isIdle() {
            return publishers.isEmpty() && observers.isEmpty();
        }
    }

    private final Map<String, Stage> stages = new LinkedHashMap<>();

    /** Hears of all who publish on the stage, those first who do so already. */
    public void subscribe(String stageArn, StageObserver observer) {
        Stage stage = stages.computeIfAbsent(stageArn, _ -> new Stage());
        stage.observers.add(observer);
        List.copyOf(stage.publishers.values()).forEach(observer::publisherJoined);
    }

    /** Hears of nobody from now on; its packet sinks stay until it removes them. */
    public void unsubscribe(String stageArn, StageObserver observer) {
        Stage stage = stages.get(stageArn);
        if (stage != null) {
            stage.observers.remove(observer);
            dropIfIdle(stageArn, stage);
        }
    }

    /** Those who publish on the stage now, in the order in which they came. */
    public List<LivePublisher> publishers(String stageArn) {
        Stage stage = stages.get(stageArn);
        return stage == null ? List.of() : List.copyOf(stage.publishers.values());
    }

    /** All who publish on this loop. */
    public List<LivePublisher> publishers() {
        return stages.values().stream()
                .flatMap(stage -> stage.publishers.values().stream())
                .toList();
    }

    void joined(LivePublisher publisher) {
        Stage stage = stages.computeIfAbsent(publisher.facts().stageArn(), _ -> new Stage());
        stage.publishers.put(publisher.facts().sessionId(), publisher);
        List.copyOf(stage.observers).forEach(observer -> observer.publisherJoined(publisher));
    }

    void left(LivePublisher publisher, LeaveReason reason) {
        String stageArn = publisher.facts().stageArn();
        Stage stage = stages.get(stageArn);
        if (stage != null && stage.publishers.remove(publisher.facts().sessionId()) != null) {
            List.copyOf(stage.observers).forEach(observer -> observer.publisherLeft(publisher, reason));
            dropIfIdle(stageArn, stage);
        }
    }

    private void dropIfIdle(String stageArn, Stage stage) {
        if (stage.isIdle()) {
            stages.remove(stageArn);
        }
    }
}
