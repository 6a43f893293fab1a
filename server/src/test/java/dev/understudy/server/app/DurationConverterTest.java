package dev.understudy.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    @ParameterizedTest
    @CsvSource({"0s, PT0S", "90s, PT90S", "5m, PT5M", "24h, PT24H", "30d, PT720H", "9999999d, PT239999976H"})
    void readsWhatOperatorsWrite(String text, Duration meant) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "-5m", "5 m", "5min", "5M", "1.5h", "PT5M", "10000000d", "١s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a duration such as 90s, 5m, 24h or 30d");
    }
}
