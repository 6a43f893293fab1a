package dev.understudy.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BandwidthMeterTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            # with a target of 2 s      | bytes in milliseconds of each       | peak | average
            nothing                     | ''                                  | 0    | 0
            one segment                 | 1000@2000                           | 4000 | 4000
            the heaviest of three       | 1000@2000 3000@2000 500@2000        | 12000 | 6000
            a short one counts not alone| 1000@2000 500@100                   | 5715 | 5715
            half a target counts alone   | 1000@2000 100@900 1000@1000 200@800 | 8000 | 3915
            too short for any peak      | 500@500                             | 8000 | 8000
            """, delimiter = '|')
    void measures(String description, String segments, long peak, long average) {
        BandwidthMeter meter = new BandwidthMeter(2);
        Pattern.compile("(\\d+)@(\\d+)")
                .matcher(segments)
                .results()
                .forEach(segment -> meter.add(
                        Long.parseLong(segment.group(1)), Duration.ofMillis(Long.parseLong(segment.group(2)))));

        assertThat(meter.peakBitsPerSecond()).as(description).isEqualTo(peak);
        assertThat(meter.averageBitsPerSecond()).as(description).isEqualTo(average);
    }
}
