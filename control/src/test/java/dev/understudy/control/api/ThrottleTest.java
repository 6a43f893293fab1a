package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private long nowNanos;
    private final Throttle throttle = new Throttle(() -> nowNanos);

    private void call(String operation, int times) {
        for (int i = 0; i < times; i++) {
            throttle.check(new Gate.Call(operation, Calls.KEY));
        }
    }

    @Test
    void hasTheRatesOfIvs() {
        Map<Integer, Long> operations = Api.operationNames().stream()
                .collect(Collectors.groupingBy(Throttle::perSecond, Collectors.counting()));

        assertThat(operations).containsOnlyKeys(3, 5, 10, 50);
        assertThat(operations).containsEntry(3, 4L).containsEntry(10, 3L).containsEntry(50, 1L);
    }

    @Test
    void refusesAsAwsDoesAndTakesCallsAgainLater() {
        call("GetStage", 5);

        assertThatThrownBy(() -> call("GetStage", 1))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.kind()).isEqualTo(ApiException.Kind.THROTTLING))
                .hasMessage("Rate exceeded");
        nowNanos += 1_000_000_000;
        call("GetStage", 5);
    }

    @Test
    void refilledItTakesCallsAtOnce() {
        call("GetStage", 5);

        throttle.refill();

        call("GetStage", 5);
        assertThatThrownBy(() -> call("GetStage", 1)).hasMessage("Rate exceeded");
    }

    @Test
    void countsEachOperationByItself() {
        call("GetStage", 5);
        call("ListStages", 5);
        call("CreateParticipantToken", 50);

        assertThatThrownBy(() -> call("CreateParticipantToken", 1)).hasMessage("Rate exceeded");
    }
}
