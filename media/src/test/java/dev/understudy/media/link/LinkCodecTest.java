package dev.understudy.media.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.media.layout.GridOptions;
import dev.understudy.media.link.LinkMessage.TrackKind;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinkCodecTest {
    static Stream<LinkMessage> everyKind() {
        var bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
        var empty = ByteBuffer.allocate(0);
        return Stream.of(
                new LinkMessage.Configure(
                        -5, 60, 1280, 720, 29.97, 2_500_000, 128_000, 60, 250_000_000, GridOptions.DEFAULT),
                new LinkMessage.AddPublisher(1, "abc", "Zoë", Map.of("k", "v", "featured", "true")),
                new LinkMessage.RemovePublisher(1),
                new LinkMessage.AddTrack(7, 1, TrackKind.VIDEO, 90_000, 0, bytes),
                new LinkMessage.AddTrack(8, 1, TrackKind.AUDIO, 48_000, 2, empty),
                new LinkMessage.RemoveTrack(8),
                new LinkMessage.Rtp(7, 70_000, 1_000_000_007L, bytes),
                new LinkMessage.SenderReport(7, -1L, 0xFFFF_FFFFL, 3),
                new LinkMessage.Ping(1),
                new LinkMessage.Stop(600),
                new LinkMessage.Ready(4_711),
                new LinkMessage.Pong(1, 2),
                new LinkMessage.CodecConfig(bytes, bytes, empty),
                new LinkMessage.VideoFrame(60, true, false, bytes),
                new LinkMessage.AudioFrame(96_000, bytes),
                new LinkMessage.RequestKeyFrame(7),
                new LinkMessage.FirstShown(1, 61),
                new LinkMessage.Statistics(1, 2, 3, 4, 5, 6, 7),
                new LinkMessage.Drained(),
                new LinkMessage.Broken("no encoder"));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void comesBackAsItWent(LinkMessage message) {
        ByteBuffer wire = ByteBuffer.allocate(1_000);

        assertThat(LinkCodec.write(message, wire)).isTrue();

        assertThat(LinkCodec.read(wire.flip())).isEqualTo(message);
        assertThat(wire.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void waitsForTheRestOfAMessage(LinkMessage message) {
        ByteBuffer wire = ByteBuffer.allocate(1_000);
        LinkCodec.write(message, wire);

        ByteBuffer cut = wire.flip().slice(0, wire.limit() - 1);

        assertThat(LinkCodec.read(cut)).isNull();
        assertThat(cut.position()).isZero();
    }

    @Test
    void leavesABufferAloneThatIsTooSmall() {
        ByteBuffer small = ByteBuffer.allocate(10);

        assertThat(LinkCodec.write(new LinkMessage.Broken("a reason longer than this"), small))
                .isFalse();

        assertThat(small.position()).isZero();
    }

    @Test
    void refusesAnotherVersion() {
        ByteBuffer wire = ByteBuffer.allocate(100);
        LinkCodec.write(new LinkMessage.Drained(), wire);
        wire.put(4, (byte) 9);

        assertThatThrownBy(() -> LinkCodec.read(wire.flip())).hasMessage("link version 9, expected 1");
    }

    @RepeatedTest(500)
    void neitherHangsNorLeaksOtherExceptionsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] bytes = new byte[random.nextInt(5, 200)];
        random.nextBytes(bytes);
        ByteBuffer wire = ByteBuffer.wrap(bytes);
        wire.putInt(0, bytes.length - 4).put(4, (byte) LinkCodec.VERSION);

        try {
            LinkCodec.read(wire);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
