package dev.understudy.protocol.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxTest {
    @Test
    void readsAllThreeFormsOfLength() {
        ByteBuffer file = hex("0000000a66726565aabb 00000001 6d6f6f76 0000000000000011cc 000000006d646174dddddd");

        List<Box> boxes = Box.parseAll(file);

        assertThat(boxes)
                .containsExactly(
                        new Box("free", hex("aabb")), new Box("moov", hex("cc")), new Box("mdat", hex("dddddd")));
        assertThat(file.position()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "cut inside the header, 00000008667265",
        "shorter than its header, 0000000766726565",
        "longer than the file, 0000000966726565",
        "long length cut short, 00000001667265650000000000",
        "long length shorter than its header, 0000000166726565000000000000000f",
        "long length beyond 63 bits, 0000000166726565ffffffffffffffff",
        "something after the last box, 0000000866726565ff",
    })
    void rejects(String description, String bytes) {
        assertThat(Box.parseAll(hex(bytes))).as(description).isNull();
    }

    @Test
    void rejectsMoreBoxesThanAFileOfOursEverHas() {
        ByteBuffer file = hex("0000000866726565".repeat(Box.MAX_SIBLINGS + 1));

        assertThat(Box.parseAll(file)).isNull();
        assertThat(Box.parseAll(file.limit(file.limit() - 8))).hasSize(Box.MAX_SIBLINGS);
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] file = new byte[random.nextInt(0, 64)];
        random.nextBytes(file);
        for (int at = 0; at < file.length; at += 4) {
            file[at] = random.nextInt(3) == 0 ? file[at] : 0;
        }

        List<Box> boxes = Box.parseAll(ByteBuffer.wrap(file));

        if (boxes != null) {
            assertThat(boxes.stream().mapToInt(box -> box.content().limit() + 8).sum())
                    .isLessThanOrEqualTo(file.length);
        }
    }

    private static ByteBuffer hex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
