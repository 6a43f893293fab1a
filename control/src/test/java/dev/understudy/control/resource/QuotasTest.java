package dev.understudy.control.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.api.ApiException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuotasTest {
    @Test
    void grantsWhatIvsGrantsANewAccount() {
        String granted = Arrays.stream(Quota.values())
                .map(quota -> quota.operatorName() + "=" + Quotas.IVS.limit(quota))
                .collect(Collectors.joining("\n"));

        assertThat(granted).isEqualTo("""
                stages=1000
                publishers-per-stage=12
                replications-per-participant=5
                public-keys=3
                ingest-configurations=100
                encoder-configurations=20
                storage-configurations=5
                compositions=20
                compositions-per-stage=5
                channels=5000
                recording-configurations=20
                playback-key-pairs=3
                playback-restriction-policies=20
                ad-configurations=20""");
    }

    @ParameterizedTest
    @EnumSource(Quota.class)
    void eachHoldsAtItsLimitAndIsChangedAlone(Quota quota) {
        Quotas two = Quotas.IVS.with(quota, 2);

        assertThatCode(() -> two.check(quota, () -> 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> two.check(quota, () -> 2))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.kind()).isEqualTo(ApiException.Kind.SERVICE_QUOTA_EXCEEDED))
                .hasMessage("Quota exceeded: at most 2 " + quota.plural());
        assertThatCode(() -> two.with(quota, Quotas.UNLIMITED).check(quota, () -> 1_000_000))
                .doesNotThrowAnyException();
        assertThat(Arrays.stream(Quota.values()).filter(other -> two.limit(other) != Quotas.IVS.limit(other)))
                .containsExactly(quota);
        assertThat(Quota.named(quota.operatorName())).contains(quota);
    }

    @Test
    void aDefaultPageIsNeverEmptyAndNeverLargerThanAPage() {
        assertThat(Quotas.IVS.defaultPage(Quota.STORAGE_CONFIGURATIONS, 100)).isEqualTo(5);
        assertThat(Quotas.IVS.with(Quota.STORAGE_CONFIGURATIONS, 0).defaultPage(Quota.STORAGE_CONFIGURATIONS, 100))
                .isEqualTo(1);
        assertThat(Quotas.IVS
                        .with(Quota.STORAGE_CONFIGURATIONS, Quotas.UNLIMITED)
                        .defaultPage(Quota.STORAGE_CONFIGURATIONS, 100))
                .isEqualTo(100);
    }

    @Test
    void refusesALimitBelowNothing() {
        assertThatThrownBy(() -> Quotas.IVS.with(Quota.STAGES, -1)).hasMessage("negative limit of stages: -1");
    }
}
