package dev.understudy.protocol.rtp;

import static dev.understudy.protocol.rtp.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class H264DepacketizerTest {
    private static final String START = "00000001";

    private final List<String> units = new ArrayList<>();

    private final H264Depacketizer.AccessUnits sink = (timestamp, annexB, isKeyFrame, isWhole) -> units.add(
            timestamp + (isKeyFrame ? " key " : " ") + (isWhole ? "" : "holed ") + withCommas(Hex.of(annexB)));

    private static String withCommas(String hex) {
        return hex.substring(START.length()).replace(START, ",");
    }

    /** Each packet is "sequence timestamp payload", with a "!" behind it for the marker. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            # case                                | packets                                              | access units
            a key frame                           | 1 0 67aa; 2 0 68bb; 3 0 6588!                         | 0 key 67aa,68bb,6588
            STAP-A                                | 1 0 18000267aa000268bb; 2 0 6588!                     | 0 key 67aa,68bb,6588
            FU-A                                  | 1 0 67aa; 2 0 7c8588; 3 0 7c0511; 4 0 7c4522!         | 0 key 67aa,65881122
            delimiter and SEI pass                | 1 0 0910; 2 0 0601; 3 0 67aa; 4 0 6588!               | 0 key 0910,0601,67aa,6588
            the timestamp ends a unit             | 1 0 67aa; 2 0 6588; 3 9 4188; 4 18 4199!              | 0 key 67aa,6588 / 9 4188 / 18 4199
            padding is no loss                    | 1 0 67aa; 2 0 6588!; 3 0; 4 9 4188!                   | 0 key 67aa,6588 / 9 4188
            padding inside a fragment             | 1 0 67aa; 2 0 7c8588; 3 0; 4 0 7c4522!                | 0 key 67aa,658822
            a late packet is ignored              | 1 0 67aa; 2 0 6588!; 1 0 67aa; 2 0 6588!; 3 9 4188!   | 0 key 67aa,6588 / 9 4188
            lost inside                           | 1 0 67aa; 3 0 6588!; 4 9 4188!                        | 0 key holed 67aa,6588 / 9 4188
            lost at the end                       | 1 0 67aa; 2 0 6588; 4 9 4188!                         | 0 key holed 67aa,6588 / 9 holed 4188
            lost between                          | 1 0 67aa; 2 0 6588!; 4 9 4188!; 5 18 4188!            | 0 key 67aa,6588 / 9 holed 4188 / 18 4188
            lost padding counts as well           | 1 0 67aa; 2 0 6588!; 3 0; 5 9 4188!                   | 0 key 67aa,6588 / 9 holed 4188
            lost just before padding              | 1 0 67aa; 2 0 6588!; 4 0; 5 9 4188!                   | 0 key 67aa,6588 / 9 holed 4188
            lost before a key frame               | 1 0 67aa; 2 0 6588!; 5 9 67aa; 6 9 6588!              | 0 key 67aa,6588 / 9 key 67aa,6588
            lost parameter sets                   | 1 0 67aa; 2 0 6588!; 4 9 6588!                        | 0 key 67aa,6588 / 9 key holed 67aa,6588
            a middle fragment lost                | 1 0 67aa; 2 0 7c8588; 4 0 7c4522!; 5 9 4188!          | 0 holed 67aa / 9 4188
            a first fragment lost                 | 1 0 67aa; 2 0 0601; 4 0 7c0511; 5 0 7c4522!           | 0 holed 67aa,0601
            a last fragment lost                  | 1 0 67aa; 2 0 7c8588; 4 9 4188!                       | 0 holed 67aa / 9 holed 4188
            a fragment never ended                | 1 0 67aa; 2 0 7c8588; 3 0 4199!                       | 0 holed 67aa,4199
            nothing of a unit is usable           | 1 0 67aa; 2 0 6588!; 3 9 7c0511!; 4 18 4188!          | 0 key 67aa,6588 / 18 holed 4188
            begins in the middle                  | 1 0 4188!; 2 9 4199!                                  | 0 holed 4188 / 9 4199
            begins with an IDR of no known origin | 1 0 6508!; 2 9 4199!                                  | 0 key holed 6508 / 9 4199
            sets of an earlier key frame          | 1 0 67aa; 2 0 68bb; 3 0 6588!; 4 9 6599!              | 0 key 67aa,68bb,6588 / 9 key 67aa,68bb,6599
            the newest sets count                 | 1 0 67aa; 2 0 6588!; 3 9 67cc; 4 9 6588!; 5 18 6599!  | 0 key 67aa,6588 / 9 key 67cc,6588 / 18 key 67cc,6599
            behind the delimiter                  | 1 0 67aa; 2 0 6588!; 3 9 0910; 4 9 6599!              | 0 key 67aa,6588 / 9 key 0910,67aa,6599
            aggregate with a size of zero         | 1 0 67aa; 2 0 180000; 3 0 6588!                       | 0 key holed 67aa,6588
            aggregate longer than the packet      | 1 0 67aa; 2 0 18ffff01; 3 0 6588!                     | 0 key holed 67aa,6588
            aggregate inside an aggregate         | 1 0 67aa; 2 0 1800031800026801; 3 0 6588!             | 0 key holed 67aa,6588
            STAP-B, MTAP, FU-B, unknown           | 1 0 67aa; 2 0 1900; 3 0 1a00; 4 0 1d00; 5 0 1f; 6 0 6588! | 0 key holed 67aa,6588
            FU-A without its header               | 1 0 67aa; 2 0 7c; 3 0 6588!                           | 0 key holed 67aa,6588
            FU-A of an FU-A                       | 1 0 67aa; 2 0 7c9c88; 3 0 6588!                       | 0 key holed 67aa,6588
            """, delimiter = '|')
    void putsTogether(String description, String packets, String expected) {
        var depacketizer = new H264Depacketizer(sink);

        for (String packet : packets.split("; ?", -1)) {
            receive(depacketizer, packet);
        }

        assertThat(String.join(" / ", units)).as(description).isEqualTo(expected);
    }

    private static void receive(H264Depacketizer depacketizer, String packet) {
        String[] parts = packet.replace("!", "").split(" ", -1);
        String payload = parts.length < 3 ? "" : parts[2];
        depacketizer.received(Long.parseLong(parts[0]), Long.parseLong(parts[1]), packet.endsWith("!"), bytes(payload));
    }

    @Test
    void givesTheParameterSetsOfTheSessionDescriptionToAKeyFrameWithout() {
        var depacketizer = new H264Depacketizer(List.of(bytes("67aa"), bytes("68bb")), sink);

        receive(depacketizer, "1 0 6588!");
        receive(depacketizer, "2 9 4188!");
        receive(depacketizer, "4 18 0910");
        receive(depacketizer, "5 18 6588!");

        assertThat(units).containsExactly("0 key 67aa,68bb,6588", "9 4188", "18 key 0910,67aa,68bb,6588");
    }

    @Test
    void handsOverTheOpenUnitAtTheEnd() {
        var depacketizer = new H264Depacketizer(sink);

        receive(depacketizer, "1 0 67aa");
        depacketizer.end();
        depacketizer.end();

        assertThat(units).containsExactly("0 holed 67aa");
    }

    @Test
    void cutsAUnitThatGrowsTooLarge() {
        List<Integer> sizes = new ArrayList<>();
        var depacketizer =
                new H264Depacketizer((_, annexB, _, isWhole) -> sizes.add(isWhole ? -1 : annexB.remaining()));
        ByteBuffer slice = ByteBuffer.allocate(60_000).put(0, (byte) 0x41);

        for (int i = 0; i < 200; i++) {
            depacketizer.received(i, 0, i == 199, slice);
        }

        assertThat(sizes)
                .singleElement()
                .satisfies(size -> assertThat(size)
                        .isBetween(
                                H264Depacketizer.MAX_ACCESS_UNIT_BYTES - 60_004,
                                H264Depacketizer.MAX_ACCESS_UNIT_BYTES));
    }

    @Test
    void cutsAFragmentedNalUnitThatNeverEnds() {
        List<Integer> sizes = new ArrayList<>();
        var depacketizer =
                new H264Depacketizer((_, annexB, _, isWhole) -> sizes.add(isWhole ? -1 : annexB.remaining()));
        ByteBuffer fragment = ByteBuffer.allocate(1_400).put(0, (byte) 0x7C).put(1, (byte) 5);

        receive(depacketizer, "0 0 67aa");
        receive(depacketizer, "1 0 7c8588");
        for (int i = 2; i < 5_000; i++) {
            depacketizer.received(i, 0, i == 4_999, fragment);
        }

        assertThat(sizes).containsExactly(6);
    }

    @RepeatedTest(300)
    void neverThrowsOnHostilePayloads(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        var depacketizer = new H264Depacketizer((_, annexB, _, _) ->
                assertThat(annexB.remaining()).isBetween(5, H264Depacketizer.MAX_ACCESS_UNIT_BYTES));
        int[] types = {24, 28, 28, 28, 5, 7, 8, 9, 1};

        for (int sequence = 0; sequence < 300; sequence += random.nextInt(1, 3)) {
            byte[] payload = new byte[random.nextInt(0, 60)];
            random.nextBytes(payload);
            if (payload.length > 0 && random.nextInt(10) > 0) {
                payload[0] = (byte) types[random.nextInt(types.length)];
            }
            depacketizer.received(sequence, random.nextInt(3), random.nextInt(4) == 0, ByteBuffer.wrap(payload));
        }
        depacketizer.end();
    }

    @RepeatedTest(100)
    void restoresWhatThePacketizerCut(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        var depacketizer = new H264Depacketizer(sink);
        var packetizer = new H264Packetizer(random.nextInt(20, 200));
        ByteBuffer annexB = randomUnit(random);
        long[] sequence = {1};

        packetizer.packetize(annexB, (payload, marker) -> depacketizer.received(sequence[0]++, 7, marker, payload));

        assertThat(units).containsExactly("7 key " + withCommas(Hex.of(annexB)));
    }

    private static ByteBuffer randomUnit(SplittableRandom random) {
        ByteBuffer annexB = ByteBuffer.allocate(20_000);
        annexB.put(bytes(START + "67aa" + START + "68bb"));
        for (int nalUnit = 0; nalUnit < random.nextInt(1, 6); nalUnit++) {
            annexB.put(bytes(START + "65"));
            for (int i = random.nextInt(1, 1_000); i > 0; i--) {
                annexB.put((byte) random.nextInt(2, 256));
            }
        }
        return annexB.flip();
    }
}
