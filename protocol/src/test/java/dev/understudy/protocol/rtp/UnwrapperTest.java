package dev.understudy.protocol.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnwrapperTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "grows, 5 6 8, 65541 65542 65544",
        "wraps, 65534 65535 0 1, 131070 131071 131072 131073",
        "comes late after the wrap, 65535 1 0 65534, 131071 131073 131072 131070",
        "earlier than the first, 0 65535, 65536 65535",
        "leaps ahead, 0 32767 65534, 65536 98303 131070",
    })
    void sequenceNumber(String description, String wrapped, String expected) {
        var unwrapper = new SequenceUnwrapper();

        assertThat(longs(wrapped).map(n -> unwrapper.unwrap((int) n)).toArray())
                .as(description)
                .containsExactly(longs(expected).toArray());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "grows, 5 3005, 4294967301 4294970301",
        "wraps, 4294967295 2999, 8589934591 8589937591",
        "comes late after the wrap, 4294967295 2999 4294967294, 8589934591 8589937591 8589934590",
        "earlier than the first, 0 4294967295, 4294967296 4294967295",
    })
    void timestamp(String description, String wrapped, String expected) {
        var unwrapper = new TimestampUnwrapper();

        assertThat(longs(wrapped).map(unwrapper::unwrap).toArray())
                .as(description)
                .containsExactly(longs(expected).toArray());
    }

    private static LongStream longs(String text) {
        return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong);
    }
}
