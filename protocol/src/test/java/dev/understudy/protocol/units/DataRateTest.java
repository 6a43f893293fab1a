package dev.understudy.protocol.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataRateTest {
    @ParameterizedTest
    @CsvSource({"0, 0 bit/s", "9999, 9999 bit/s", "10000, 10 kbit/s", "2500000, 2500 kbit/s"})
    void readsAsPeopleSayIt(long bitsPerSecond, String text) {
        assertThat(new DataRate(bitsPerSecond)).hasToString(text);
    }

    @Test
    void hasDecimalKilobits() {
        assertThat(DataRate.kbps(1)).isEqualTo(new DataRate(1_000));
    }

    @Test
    void saysHowManyBytesFit() {
        assertThat(DataRate.kbps(2_500).bytesIn(Duration.ofMillis(20))).isEqualTo(6_250);
    }

    @Test
    void isMeasuredFromBytesAndTime() {
        assertThat(DataRate.of(6_250, Duration.ofMillis(20))).isEqualTo(DataRate.kbps(2_500));
    }

    @Test
    void comparesByRate() {
        assertThat(DataRate.kbps(1)).isGreaterThan(DataRate.ZERO).isLessThan(DataRate.kbps(2));
    }

    @Test
    void isNeverNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DataRate(-1))
                .withMessage("negative data rate: -1 bit/s");
    }

    @Test
    void needsTimeToPass() {
        assertThatIllegalArgumentException().isThrownBy(() -> DataRate.of(1, Duration.ZERO));
    }
}
