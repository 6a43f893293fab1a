package dev.understudy.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnexBTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "empty, '', ''",
        "no start code, 6501020304, ''",
        "short start codes, 00000167aa 00000168bb, 67aa 68bb",
        "long start codes, 0000000167aa 0000000168bb, 67aa 68bb",
        "zeros around, 000000000167aa0000 00000168bb000000, 67aa 68bb",
        "an empty unit between, 000001 00000168bb, 68bb",
        "something before the first, ffff 00000165cc, 65cc",
    })
    void splits(String description, String stream, String expected) {
        assertThat(hex(AnnexB.nalUnits(bytes(stream)))).as(description).isEqualTo(expected);
    }

    @Test
    void prefixesEachUnitWithItsLength() {
        ByteBuffer prefixed = AnnexB.lengthPrefixed(List.of(bytes("67aa"), bytes("65010203")));

        assertThat(hex(List.of(prefixed))).isEqualTo("0000000267aa0000000465010203");
        assertThat(hex(AnnexB.fromLengthPrefixed(prefixed))).isEqualTo("67aa 65010203");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "cut inside a length, 0000000165 0000",
        "an empty unit, 00000000",
        "longer than the bytes, 0000000365aa",
        "a negative length, ffffffff65",
    })
    void rejects(String description, String accessUnit) {
        assertThat(AnnexB.fromLengthPrefixed(bytes(accessUnit))).as(description).isNull();
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] stream = new byte[random.nextInt(0, 200)];
        for (int i = 0; i < stream.length; i++) {
            stream[i] = (byte) random.nextInt(3);
        }

        List<ByteBuffer> split = AnnexB.nalUnits(ByteBuffer.wrap(stream));
        List<ByteBuffer> parsed = AnnexB.fromLengthPrefixed(ByteBuffer.wrap(stream));

        assertThat(split).allMatch(ByteBuffer::hasRemaining);
        assertThat(parsed == null || parsed.stream().allMatch(ByteBuffer::hasRemaining))
                .isTrue();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String hex(List<ByteBuffer> nals) {
        return nals.stream()
                .map(nal -> {
                    byte[] copy = new byte[nal.remaining()];
                    nal.get(nal.position(), copy);
                    return HexFormat.of().formatHex(copy);
                })
                .collect(Collectors.joining(" "));
    }
}
