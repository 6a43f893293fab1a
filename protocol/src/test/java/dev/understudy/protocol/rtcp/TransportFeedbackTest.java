package dev.understudy.protocol.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.rtcp.TransportFeedback.Arrival;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportFeedbackTest {
    private static final String HEAD = "00000001 00000002";

    private final TransportFeedbackRecorder recorder = new TransportFeedbackRecorder(1);

    /** Arrivals are "sequence number @ ticks", "*n" behind one for n in a row, one tick apart. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            # case                         | arrivals                | feedback
            one packet                     | 5@256                   | 8fcd0005 HEAD 0005 0001 000001 00 2001 00 00
            all of a run                   | 5@257*20                | 8fcd000a HEAD 0005 0014 000001 00 2014 0101010101 0101010101 0101010101 0101010101 0000
            one lost                       | 5@256 7@258             | 8fcd0005 HEAD 0005 0003 000001 00 d100 0002
            one lost of many               | 5@256*4 10@261*9        | 8fcd0008 HEAD 0005 000e 000001 00 bdff 00010101 0201010101 01010101 00
            a long run lost                | 5@256 30@257            | 8fcd0006 HEAD 0005 001a 000001 00 a000 8004 0001 0000
            a large delta                  | 5@256 6@512             | 8fcd0006 HEAD 0005 0002 000001 00 d800 000100 000000
            back in time                   | 5@256 7@258 6@257       | 8fcd0006 HEAD 0005 0003 000001 00 2003 000101 000000
            reordered                      | 5@258 7@256 6@257       | 8fcd0006 HEAD 0005 0003 000001 00 da00 02ffffffff 00
            the number wraps               | 65535@256 0@257         | 8fcd0005 HEAD ffff 0002 000001 00 2002 0001
            the reference wraps            | 5@4294967296            | 8fcd0005 HEAD 0005 0001 000000 00 2001 00 00
            before the epoch               | 5@-1                    | 8fcd0005 HEAD 0005 0001 ffffff 00 2001 ff 00
            twice                          | 5@256 5@300 6@257       | 8fcd0005 HEAD 0005 0002 000001 00 2002 0001
            """, delimiter = '|')
    void writes(String description, String arrivals, String expected) {
        receive(arrivals);

        assertThat(take()).singleElement().satisfies(feedback -> {
            assertThat(strip(hex(feedback))).as(description).isEqualTo(strip(expected.replace("HEAD", HEAD)));
            assertThat(RtcpCompound.parse(bytes(feedback))).containsExactly(feedback);
        });
        assertThat(recorder.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    private List<TransportFeedback> take() {
        return recorder.report(2, recorder.deadlineNanos());
    }

    private static String strip(String hex) {
        return hex.replace(" ", "");
    }

    private void receive(String arrivals) {
        for (String arrival : arrivals.split(" ", -1)) {
            String[] parts = arrival.split("[@*]", -1);
            int count = parts.length < 3 ? 1 : Integer.parseInt(parts[2]);
            for (int i = 0; i < count; i++) {
                long ticks = Long.parseLong(parts[1]) + i;
                recorder.received(Integer.parseInt(parts[0]) + i, ticks * TransportFeedback.TICK_NANOS);
            }
        }
    }

    @Test
    void reportsAtOnceAndThenEachHundredMilliseconds() {
        assertThat(recorder.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        recorder.received(1, 5);
        assertThat(recorder.deadlineNanos()).isEqualTo(5);
        assertThat(recorder.report(2, 5)).hasSize(1);
        recorder.received(2, 10);

        long due = 5 + TransportFeedbackRecorder.INTERVAL_NANOS;
        assertThat(recorder.deadlineNanos()).isEqualTo(due);
        assertThat(recorder.report(2, due - 1)).isEmpty();
        assertThat(recorder.report(2, due)).hasSize(1);
        assertThat(recorder.report(2, due)).isEmpty();
    }

    /** Few arrivals among many that are missing take the most room. */
    @RepeatedTest(50)
    void fitsHoweverSparseArrivalsAre(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        int furthest = random.nextInt(2, 40);
        for (int sequence = 0; sequence < 4_000; sequence += random.nextInt(1, furthest)) {
            recorder.received(sequence, random.nextLong(30_000) * TransportFeedback.TICK_NANOS);
        }

        assertThat(take()).allSatisfy(feedback -> {
            assertThat(bytes(feedback).remaining()).isLessThanOrEqualTo(TransportFeedbackRecorder.MAX_FEEDBACK_BYTES);
            assertThat(RtcpCompound.parse(bytes(feedback))).containsExactly(feedback);
        });
    }

    @Test
    void beginsWhereTheLastOneEnded() {
        receive("5@256 6@257");
        take();
        receive("9@258");

        assertThat(take()).containsExactly(new TransportFeedback(1, 2, 1, 7, 3, List.of(new Arrival(9, 258))));
    }

    @Test
    void reportsALateArrivalWithThoseBehindItOnceMore() {
        receive("5@256 8@257");
        take();
        receive("6@258");

        assertThat(take())
                .containsExactly(
                        new TransportFeedback(1, 2, 1, 6, 3, List.of(new Arrival(6, 258), new Arrival(8, 257))));
    }

    @Test
    void startsAnotherFeedbackWhereADeltaTakesMoreThan16Bits() {
        receive("5@256 8@33023 9@65791 10@65792");

        assertThat(take())
                .containsExactly(
                        new TransportFeedback(1, 2, 0, 5, 4, List.of(new Arrival(5, 256), new Arrival(8, 33_023))),
                        new TransportFeedback(1, 2, 1, 9, 2, List.of(new Arrival(9, 65_791), new Arrival(10, 65_792))));
    }

    @Test
    void forgetsWhatLiesBeforeALeap() {
        receive("5@256 20000@257");

        assertThat(take())
                .containsExactly(new TransportFeedback(1, 2, 0, 20_000, 1, List.of(new Arrival(20_000, 257))));
    }

    @RepeatedTest(200)
    void saysAllThatArrivedInPacketsThatFit(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        double loss = random.nextInt(4) / 4.0;
        var expected = new TreeMap<Integer, Long>();
        long ticks = 1_000;
        for (int sequence = 0; sequence < 3_000; sequence++) {
            ticks += random.nextInt(20) == 0 ? random.nextInt(-300, 40_000) : random.nextInt(0, 20);
            if (random.nextDouble() >= loss || sequence == 0) {
                expected.put(sequence, ticks);
                recorder.received(sequence, ticks * TransportFeedback.TICK_NANOS);
            }
        }

        var reported = new TreeMap<Integer, Long>();
        int nextBase = 0;
        for (TransportFeedback feedback : take()) {
            assertThat(bytes(feedback).remaining()).isLessThanOrEqualTo(TransportFeedbackRecorder.MAX_FEEDBACK_BYTES);
            assertThat(RtcpCompound.parse(bytes(feedback))).containsExactly(feedback);
            assertThat(feedback.baseSequence()).isEqualTo(nextBase);
            nextBase += feedback.statusCount();
            feedback.arrivals().forEach(arrival -> reported.put(arrival.sequenceNumber(), arrival.ticks()));
        }
        assertThat(reported).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "one-bit vector, 0005 0003 000001 07 a800 0102, 5 3 7 5@257 7@259",
        "two-bit vector, 0005 0003 000001 07 d200 01fffe 000000, 5 3 7 5@257 7@255",
        "run of none, 0005 0003 000001 07 0003 0000, 5 3 7",
        "run longer than the count, 0005 0001 000001 07 3fff 0100, 5 1 7 5@257",
        "run of zero length, 0005 0001 000001 07 2000 2001 01000000, 5 1 7 5@257",
    })
    void reads(String description, String body, String expected) {
        TransportFeedback feedback = (TransportFeedback) parse(body).getFirst();

        var text = new StringBuilder();
        text.append(feedback.baseSequence()).append(' ').append(feedback.statusCount());
        text.append(' ').append(feedback.feedbackCount());
        feedback.arrivals()
                .forEach(arrival -> text.append(" %d@%d".formatted(arrival.sequenceNumber(), arrival.ticks())));
        assertThat(text.toString()).as(description).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "cut head, 00050001",
        "no status, 0005 0000 000001 00 2001 0000",
        "chunks missing, 0005 ffff 000001 00 2001 0000",
        "deltas missing, 0005 0009 000001 00 2009 0000",
        "half a delta, 0005 0002 000001 00 d900 0000",
        "reserved symbol, 0005 0001 000001 00 6001 0000",
    })
    void rejects(String description, String body) {
        assertThat(parse(body)).as(description).isEmpty();
    }

    private static List<RtcpPacket> parse(String body) {
        byte[] bytes = HexFormat.of().parseHex(strip("8fcd0000" + HEAD + body));
        bytes[3] = (byte) (bytes.length / 4 - 1);
        return RtcpCompound.parse(ByteBuffer.wrap(bytes));
    }

    @RepeatedTest(2_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] body = new byte[random.nextInt(0, 40) * 4];
        random.nextBytes(body);
        if (body.length > 4) {
            body[2] = (byte) random.nextInt(2);
        }

        List<RtcpPacket> packets = parse(HexFormat.of().formatHex(body));

        List<Arrival> arrivals = new ArrayList<>();
        packets.forEach(packet -> arrivals.addAll(((TransportFeedback) packet).arrivals()));
        assertThat(arrivals.size()).isLessThanOrEqualTo(body.length);
    }

    private static ByteBuffer bytes(TransportFeedback feedback) {
        var written = ByteBuffer.allocate(100_000);
        RtcpCompound.write(List.of(feedback), written);
        return written.flip();
    }

    private static String hex(TransportFeedback feedback) {
        ByteBuffer written = bytes(feedback);
        byte[] copy = new byte[written.remaining()];
        written.get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
