package dev.understudy.protocol.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DtlsRecordsTest {
    private static final String HELLO_DONE = "16 fefd 0000 000000000001 000c" + "0e 000000 0001 000000 000000";
    private static final String CHANGE_CIPHER = "14 fefd 0000 000000000002 0001 01";
    private static final String FINISHED = "16 fefd 0001 000000000000 0004 deadbeef";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "handshake in the clear, 0, " + HELLO_DONE,
        "a whole flight, 1, " + HELLO_DONE + CHANGE_CIPHER + FINISHED,
        "the largest message, 0, 16 fefd 0000 000000000001 000d 0b 004000 0001 000000 000001 00",
    })
    void countsEncryptedRecords(String description, int encrypted, String hex) {
        assertThat(DtlsRecords.parse(bytes(hex))).as(description).isEqualTo(new DtlsRecords(encrypted));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "empty, ''",
        "cut in the record header, 16 fefd 0000 000000000001 00",
        "record longer than the datagram, 16 fefd 0000 000000000001 000d 0e 000000 0001 000000 000000",
        "rubbish behind a record, " + HELLO_DONE + "16",
        "no fragment, 16 fefd 0000 000000000001 0000",
        "cut in the fragment header, 16 fefd 0000 000000000001 000b 0e 000000 0001 000000 0000",
        "fragment longer than the record, 16 fefd 0000 000000000001 000c 0b 000001 0001 000000 000001",
        "a message of 16 KiB and a byte, 16 fefd 0000 000000000001 000d 0b 004001 0001 000000 000001 00",
        "a message of 16 MiB, 16 fefd 0000 000000000001 000d 0b ffffff 0001 000000 000001 00",
        "a second fragment that is too large, 16 fefd 0000 000000000001 0018 0e 000000 0001 000000 000000 0b ffffff 0002 000000 000000",
    })
    void refuses(String description, String hex) {
        assertThat(DtlsRecords.parse(bytes(hex))).as(description).isNull();
    }

    @RepeatedTest(500)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        ByteBuffer datagram = bytes(HELLO_DONE + CHANGE_CIPHER + FINISHED);
        for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
            datagram.put(random.nextInt(datagram.limit()), (byte) random.nextInt());
        }

        DtlsRecords records = DtlsRecords.parse(datagram.limit(random.nextInt(datagram.capacity() + 1)));

        assertThat(records == null || records.encrypted() <= 4).isTrue();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
