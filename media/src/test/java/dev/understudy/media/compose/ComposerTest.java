package dev.understudy.media.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.media.layout.GridOptions;
import dev.understudy.media.layout.GridOptions.FillMode;
import dev.understudy.media.layout.GridOptions.TileShape;
import dev.understudy.media.link.LinkMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComposerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final int BLACK = 16;

    /** Both tracks' clocks may be 5 ms off. */
    private static final int DEAD_BANDS_SAMPLES = 480;

    private static final GridOptions GRID = new GridOptions(0, false, TileShape.VIDEO, FillMode.COVER);

    private final Simulation simulation = new Simulation();

    private void configure(long epochNanos, long firstTick, double framesPerSecond, GridOptions grid) {
        simulation.composer.received(
                new LinkMessage.Configure(
                        epochNanos, firstTick, 64, 36, framesPerSecond, 1_000, 128_000, 60, 250 * MILLI, grid),
                simulation.nowNanos);
    }

    private FakePublisher join(int number, int luma) {
        var publisher = new FakePublisher(number, number);
        publisher.luma = _ -> luma;
        publisher.join(simulation);
        return publisher;
    }

    @ParameterizedTest(name = "{0} fps from tick {1} to {2}")
    @CsvSource(textBlock = """
            30     |   0 | 149 |      0 | 235
            30     |  61 | 149 |  98304 | 139
            29.97  |   0 | 100 |      0 | 158
            24     |   7 |   7 |  14336 |   2
            """, delimiter = '|')
    void everyTickAndEverySampleOnce(double fps, long firstTick, long lastTick, long firstSample, int audioFrames) {
        configure(SECOND, firstTick, fps, GRID);
        simulation.at(SECOND, () -> simulation.composer.received(new LinkMessage.Stop(lastTick), SECOND));
        simulation.run(60 * SECOND);

        assertThat(simulation.frames())
                .extracting(LinkMessage.VideoFrame::tick)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(firstTick, lastTick).boxed().toList());
        assertThat(simulation.sent(LinkMessage.AudioFrame.class))
                .extracting(LinkMessage.AudioFrame::sample)
                .containsExactlyElementsOf(LongStream.range(0, audioFrames)
                        .map(frame -> firstSample + 1_024 * frame)
                        .boxed()
                        .toList());
        assertThat(simulation.sent.getFirst()).isInstanceOf(LinkMessage.CodecConfig.class);
        assertThat(simulation.sent.getLast()).isInstanceOf(LinkMessage.Drained.class);
        assertThat(simulation.composer.isDrained()).isTrue();
        assertThat(simulation.composer.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keyFramesAreTheFirstTickAndThoseTheGroupDivides() {
        configure(0, 50, 30, GRID);
        simulation.run(7 * SECOND);

        assertThat(simulation.frames())
                .filteredOn(LinkMessage.VideoFrame::isKeyFrame)
                .extracting(LinkMessage.VideoFrame::tick)
                .containsExactly(50L, 60L, 120L, 180L);
    }

    @Test
    void stopBeforeTheFirstTickDrainsAtOnce() {
        configure(10 * SECOND, 5, 30, GRID);
        simulation.composer.received(new LinkMessage.Stop(4), 0);
        simulation.composer.elapsed(0, simulation.sent::add);

        assertThat(simulation.sent).last().isEqualTo(new LinkMessage.Drained());
        assertThat(simulation.frames()).isEmpty();
    }

    @Test
    void publishersJoinMoveAndLeave() {
        configure(0, 0, 30, GRID);
        FakePublisher first = join(1, 50);
        simulation.run(2 * SECOND);
        join(2, 150);
        simulation.run(4 * SECOND);
        first.leave(simulation);
        simulation.run(6 * SECOND);

        assertThat(simulation.shown(55, 0)).isEqualTo(50);
        assertThat(simulation.shown(110, 0))
                .as("beside each other, black above")
                .isEqualTo(50);
        assertThat(simulation.shown(110, 1)).isEqualTo(150);
        assertThat(simulation.shown(170, 0)).as("alone again").isEqualTo(150);
        assertThat(simulation.sent(LinkMessage.FirstShown.class))
                .extracting(LinkMessage.FirstShown::publisher)
                .containsExactly(1, 2);
        assertThat(simulation.codecs.openDecoders).isEqualTo(2);
    }

    @Test
    void aPublisherIsSeenWithinTheDelayAndTheWayOfAKeyFrame() {
        configure(0, 0, 30, GRID);
        join(1, 50);
        simulation.run(SECOND);

        assertThat(simulation.sent(LinkMessage.FirstShown.class))
                .singleElement()
                .satisfies(shown -> assertThat(shown.tick()).isBetween(8L, 11L));
    }

    @Test
    void loudnessAddsUp() {
        configure(0, 0, 30, GRID);
        join(1, 50);
        join(2, 50);
        simulation.run(3 * SECOND);

        float[] sound = simulation.sound();
        assertThat(sound[4_800]).as("before the playout delay is over").isZero();
        assertThat(sound[2 * 48_000]).isCloseTo(0.4f, within(1e-5f));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.001, 2.5, 60})
    void theFrameRateIsNotHeard(double framesPerSecond) {
        configure(0, 0, framesPerSecond, GRID);
        join(1, 50);
        simulation.run(20 * SECOND);

        LinkMessage.Statistics last =
                simulation.sent(LinkMessage.Statistics.class).getLast();
        assertThat(last.audioConcealedSamples()).isZero();
        assertThat(last.packetsDropped()).as("before the first key frame").isEqualTo(1);
        assertThat(last.ticksRepeated()).isZero();
        assertThat(simulation.shown((long) (2 * framesPerSecond), 0)).isEqualTo(50);
        float[] sound = simulation.sound();
        assertThat(sound).hasSizeGreaterThan(18 * 48_000);
        assertThat(Arrays.copyOfRange(sound, 2 * 48_000, sound.length))
                .usingComparatorWithPrecision(1e-5f)
                .containsOnly(0.2f);
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65, 10_000, Integer.MAX_VALUE - 1, Integer.MAX_VALUE})
    void aGapAsWideAsTheCanvasLeavesRoomForOneTileOnly(int gapPixels) {
        configure(0, 0, 30, new GridOptions(gapPixels, false, TileShape.VIDEO, FillMode.COVER));
        FakePublisher first = join(1, 50);
        simulation.run(SECOND);
        FakePublisher second = join(2, 150);
        FakePublisher third = join(3, 150);
        simulation.run(2 * SECOND);
        second.leave(simulation);
        third.leave(simulation);
        simulation.run(3 * SECOND);

        assertThat(simulation.shown(25, 0)).isEqualTo(50);
        assertThat(simulation.shown(55, 0)).isEqualTo(BLACK);
        assertThat(simulation.shown(85, 0)).isEqualTo(50);
        first.leave(simulation);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void lossFreezesAndHealsWithoutASmear(long seed) {
        configure(0, 0, 30, GRID);
        var publisher = new FakePublisher(1, seed);
        publisher.videoLoss = 0.03;
        publisher.audioLoss = 0.05;
        publisher.frameBytes = 300;
        publisher.luma = nanos -> 30 + (int) (nanos / SECOND);
        publisher.join(simulation);
        simulation.run(60 * SECOND);

        assertThat(LongStream.range(30, 1_790))
                .allSatisfy(tick -> assertThat(simulation.shown(tick, 0)).isBetween(29, 90));
        assertThat(simulation.shown(1_790, 0)).as("it goes on").isGreaterThan(85);
        assertThat(simulation.sent(LinkMessage.RequestKeyFrame.class)).hasSizeBetween(20, 125);
        LinkMessage.Statistics last =
                simulation.sent(LinkMessage.Statistics.class).getLast();
        assertThat(last.audioConcealedSamples()).isBetween(48_000L, 480_000L);
        assertThat(last.framesDecoded()).isGreaterThan(500);
    }

    @Test
    void aKeyFrameIsAskedForEveryHalfSecondUntilItComes() {
        configure(0, 0, 30, GRID);
        var publisher = new FakePublisher(1, 1);
        publisher.join(simulation);
        simulation.onKeyFrameRequest(publisher.videoTrack, () -> {});
        simulation.run(2 * SECOND + 100 * MILLI);

        assertThat(simulation.sent(LinkMessage.RequestKeyFrame.class)).hasSize(5);
    }

    @Test
    void aStoppedVideoStaysForFiveSecondsThenIsAPlaceholder() {
        configure(0, 0, 30, GRID);
        FakePublisher publisher = join(1, 50);
        simulation.run(2 * SECOND);
        publisher.videoIsOn = false;
        simulation.run(9 * SECOND);
        publisher.videoIsOn = true;
        simulation.run(11 * SECOND);

        assertThat(simulation.shown(6 * 30, 0)).isEqualTo(50);
        assertThat(simulation.shown(8 * 30, 0)).as("placeholder").isEqualTo(72);
        assertThat(simulation.shown(10 * 30, 0)).isEqualTo(50);
    }

    @Test
    void aStoppedVideoMayHaveNoTileAtAll() {
        configure(0, 0, 30, new GridOptions(0, true, TileShape.VIDEO, FillMode.COVER));
        join(1, 50);
        FakePublisher silent = join(2, 150);
        silent.videoIsOn = false;
        simulation.run(2 * SECOND);

        assertThat(LongStream.range(15, 60))
                .allSatisfy(tick -> assertThat(List.of(simulation.shown(tick, 0), simulation.shown(tick, 3)))
                        .containsExactly(50, 50));
    }

    @Test
    void sizeChangesFollowAndLeaveNothingBehind() {
        configure(0, 0, 30, new GridOptions(0, false, TileShape.VIDEO, FillMode.CONTAIN));
        FakePublisher publisher = join(1, 50);
        simulation.run(2 * SECOND);
        publisher.width = 8;
        publisher.height = 36;
        simulation.run(4 * SECOND);
        publisher.width = 64;
        simulation.run(6 * SECOND);

        assertThat(simulation.shown(59, 0)).isEqualTo(50);
        assertThat(simulation.shown(119, 0)).as("beside the narrow video").isEqualTo(BLACK);
        assertThat(simulation.shown(179, 0)).isEqualTo(50);
    }

    @ParameterizedTest(name = "video {0} ms on its way, audio {1} ms, seed {2}")
    @CsvSource({"30, 10, 1", "120, 15, 2", "20, 90, 3", "60, 60, 4"})
    void flashAndBeepStayTogether(long videoMillis, long audioMillis, long seed) {
        configure(0, 0, 30, GRID);
        var publisher = new FakePublisher(1, seed);
        publisher.videoLatencyNanos = videoMillis * MILLI;
        publisher.audioLatencyNanos = audioMillis * MILLI;
        publisher.jitterNanos = 20 * MILLI;
        publisher.luma = nanos -> (nanos + MILLI) / (100 * MILLI) % 20 == 0 ? 230 : 40;
        publisher.sound = nanos -> (nanos + MILLI) / (100 * MILLI) % 20 == 0 ? 50 : 0;
        publisher.join(simulation);
        simulation.run(42 * SECOND);

        List<Long> flashes = LongStream.range(900, 1_200)
                .filter(tick -> simulation.shown(tick, 0) > 200 && simulation.shown(tick - 1, 0) < 200)
                .boxed()
                .toList();
        float[] sound = simulation.sound();
        assertThat(flashes)
                .hasSize(5)
                .allSatisfy(tick -> assertThat(beepNear(sound, tick * 1_600))
                        .isBetween((tick - 1) * 1_600 - DEAD_BANDS_SAMPLES, tick * 1_600 + DEAD_BANDS_SAMPLES));
    }

    private static long beepNear(float[] sound, long sample) {
        return LongStream.range(sample - 24_000, sample + 24_000)
                .filter(at -> sound[(int) at] > 0.25 && sound[(int) at - 1] <= 0.25)
                .findFirst()
                .orElse(-1);
    }

    @Test
    void aLateWorkerRepeatsPicturesAndAsksForLess() {
        configure(0, 0, 30, GRID);
        join(1, 50);
        simulation.busyNanos = 40 * MILLI;
        simulation.run(12 * SECOND);

        LinkMessage.Statistics last =
                simulation.sent(LinkMessage.Statistics.class).getLast();
        assertThat(last.ticksRepeated()).isPositive();
        assertThat(simulation.frames())
                .filteredOn(LinkMessage.VideoFrame::repeated)
                .hasSizeBetween((int) last.ticksRepeated(), (int) last.ticksRepeated() + 40);
        assertThat(simulation.composer.presetSteps()).isEqualTo(2);
        assertThat(simulation.sent(LinkMessage.CodecConfig.class)).hasSizeGreaterThan(1);
        assertThat(simulation.frames().stream().mapToLong(LinkMessage.VideoFrame::tick))
                .as("no tick is left out")
                .containsExactlyElementsOf(
                        LongStream.range(0, simulation.frames().size()).boxed().toList());
    }

    @Test
    void aHiccupIsCaughtUpWithoutAskingForLess() {
        configure(0, 0, 30, GRID);
        join(1, 50);
        simulation.run(2 * SECOND);
        simulation.nowNanos += SECOND;
        simulation.run(10 * SECOND);

        assertThat(simulation.frames())
                .filteredOn(LinkMessage.VideoFrame::repeated)
                .hasSizeBetween(20, 31);
        assertThat(simulation.composer.presetSteps()).isZero();
        assertThat(simulation.frames().getLast().tick()).isGreaterThan(295);
    }

    @Test
    void hostilePacketsDoNoHarm() {
        configure(0, 0, 30, GRID);
        FakePublisher publisher = join(1, 50);
        var random = publisher.random.split();
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 60)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (0x80 | (bytes[0] & 0x0F));
            long at = random.nextLong(3 * SECOND);
            int track = random.nextBoolean() ? publisher.videoTrack : publisher.audioTrack;
            long sequence = 60_000L + random.nextInt(20_000);
            simulation.at(
                    at,
                    () -> simulation.composer.received(
                            new LinkMessage.Rtp(track, sequence, at, ByteBuffer.wrap(bytes)), at));
        }

        simulation.run(4 * SECOND);

        assertThat(simulation.frames()).hasSizeBetween(119, 121);
    }

    @Test
    void refusesTracksOfNobody() {
        configure(0, 0, 30, GRID);
        var track = new LinkMessage.AddTrack(3, 9, LinkMessage.TrackKind.AUDIO, 48_000, 2, ByteBuffer.allocate(0));

        assertThatThrownBy(() -> simulation.composer.received(track, 0)).hasMessage("track 3 of unknown publisher 9");
    }
}
