package dev.understudy.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.ingest.Publisher;
import dev.understudy.media.ingest.PublisherSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageRegistryTest {
    private final StageRegistry stages = new StageRegistry();
    private final List<String> seen = new ArrayList<>();

    @Test
    void tellsWhoIsThereAndWhoComesAndGoes() {
        LivePublisher alice = publisher("one", "alice");
        LivePublisher bob = publisher("one", "bob");
        StageObserver observer = observer();
        stages.joined(alice);
        stages.subscribe("one", observer);
        stages.joined(bob);
        stages.joined(publisher("two", "carol"));
        stages.left(alice, LeaveReason.CLOSED);
        stages.left(alice, LeaveReason.CLOSED);
        stages.unsubscribe("one", observer);
        stages.left(bob, LeaveReason.SILENT);

        assertThat(seen).containsExactly("alice", "bob", "alice CLOSED");
        assertThat(stages.publishers("one")).isEmpty();
        assertThat(stages.publishers()).hasSize(1);
    }

    @Test
    void keepsTheOrderOfArrival() {
        stages.joined(publisher("one", "b"));
        stages.joined(publisher("one", "a"));
        stages.subscribe("one", observer());

        assertThat(seen).containsExactly("b", "a");
    }

    @Test
    void anObserverMayLeaveWhileItIsTold() {
        StageObserver once = new StageObserver() {
            @Override
            public void publisherJoined(LivePublisher publisher) {
                seen.add(publisher.facts().participantId());
                stages.unsubscribe("one", this);
            }

            @Override
            public void publisherLeft(LivePublisher publisher, LeaveReason reason) {}
        };
        stages.subscribe("one", once);
        stages.subscribe("one", observer());
        stages.joined(publisher("one", "a"));
        stages.joined(publisher("one", "b"));

        assertThat(seen).containsExactly("a", "a", "b");
    }

    private StageObserver observer() {
        return new StageObserver() {
            @Override
            public void publisherJoined(LivePublisher publisher) {
                seen.add(publisher.facts().participantId());
            }

            @Override
            public void publisherLeft(LivePublisher publisher, LeaveReason reason) {
                seen.add(publisher.facts().participantId() + " " + reason);
            }
        };
    }

    private static LivePublisher publisher(String stageArn, String participantId) {
        var facts = new SessionFacts(participantId, stageArn, participantId, "", Map.of());
        return new LivePublisher(facts, new Publisher(new PublisherSettings(List.of(), 0, 0, 1), _ -> {}), () -> 0);
    }
}
