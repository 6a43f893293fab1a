package dev.understudy.protocol.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class InitSegmentTest {
    private static final InitSegment SEGMENT = new InitSegment(
            new VideoTrack(30_000, 1280, 720, AvcConfiguration.of(hex("6764001facd9"), hex("68ebe3cb"))),
            new AudioTrack(48_000, 2, hex("1190"), 128_000));

    @Test
    void isAHeaderWithTwoTracksAndNoEditList() {
        assertThat(BoxTree.text(SEGMENT.bytes())).isEqualTo("""
                        ftyp 69736f36 00000000 69736f36 6d703431
                        moov
                          mvhd 0… 000003e8 00000000 00010000 01000000 00000000 00000000 00010000 0… 00010000 0… 40000000 0… 00000003
                          trak
                            tkhd 00000003 00000000 00000000 00000001 0… 00010000 0… 00010000 0… 40000000 05000000 02d00000
                            mdia
                              mdhd 0… 00007530 00000000 55c40000
                              hdlr 00000000 00000000 76696465 0… 00
                              minf
                                vmhd 00000001 00000000 00000000
                                dinf
                                  dref 00000000 00000001
                                    url  00000001
                                stbl
                                  stsd 00000000 00000001
                                    avc1 00000000 00000001 0… 050002d0 00480000 00480000 00000000 00010000 0… 00000018 ffff
                                      avcC 0164001f ffe10006 6764001f acd90100 0468ebe3 cbfdf8f8 00
                                      colr 6e636c78 00010001 000100
                                      pasp 00000001 00000001
                                  stts 00000000 00000000
                                  stsc 00000000 00000000
                                  stsz 0…
                                  stco 00000000 00000000
                          trak
                            tkhd 00000003 00000000 00000000 00000002 0… 01000000 00010000 0… 00010000 0… 40000000 00000000 00000000
                            mdia
                              mdhd 0… 0000bb80 00000000 55c40000
                              hdlr 00000000 00000000 736f756e 0… 00
                              minf
                                smhd 00000000 00000000
                                dinf
                                  dref 00000000 00000001
                                    url  00000001
                                stbl
                                  stsd 00000000 00000001
                                    mp4a 00000000 00000001 00000000 00000000 00020010 00000000 bb800000
                                      esds 00000000 03190000 00041140 15000000 0001f400 0001f400 05021190 060102
                                  stts 00000000 00000000
                                  stsc 00000000 00000000
                                  stsz 0…
                                  stco 00000000 00000000
                          mvex
                            trex 00000000 00000001 00000001 0…
                            trex 00000000 00000002 00000001 0…
                        """);
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(InitSegment.parse(ByteBuffer.wrap(SEGMENT.bytes()))).isEqualTo(SEGMENT);
    }

    @Test
    void aBaselineConfigurationEndsAfterItsParameterSets() {
        var baseline = new InitSegment(
                new VideoTrack(30_000, 640, 360, AvcConfiguration.of(hex("6742c01e"), hex("68ce3c80"))),
                SEGMENT.audio());

        assertThat(BoxTree.text(baseline.bytes())).contains("avcC 0142c01e ffe10004 6742c01e 01000468 ce3c80\n");
        assertThat(InitSegment.parse(ByteBuffer.wrap(baseline.bytes()))).isEqualTo(baseline);
    }

    @Test
    void refusesWhatItsFieldsCannotHold() {
        assertThatThrownBy(() ->
                        new VideoTrack(30_000, 70_000, 720, SEGMENT.video().avc()))
                .hasMessage("video of 70000x720 in 1/30000 s");
        assertThatThrownBy(() -> new AudioTrack(96_000, 2, hex("1190"), 0))
                .hasMessage("audio of 2 channels at 96000 Hz, 0 bit/s");
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] file = SEGMENT.bytes();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            file[random.nextInt(file.length)] = (byte) random.nextInt();
        }

        InitSegment segment =
                InitSegment.parse(ByteBuffer.wrap(file, 0, random.nextInt(file.length / 2, file.length + 1)));

        if (segment != null) {
            assertThat(segment.video().width()).isPositive();
        }
    }

    private static ByteBuffer hex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
