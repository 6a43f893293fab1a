package dev.understudy.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipPlayerTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ClipPlayer player = new ClipPlayer(Clips.seconds(2));

    private static List<ClipPlayer.Step> play(ClipPlayer player, long untilNanos) {
        List<ClipPlayer.Step> steps = new ArrayList<>();
        while (player.dueNanos() < untilNanos) {
            steps.add(player.next());
        }
        return steps;
    }

    private static List<ClipPlayer.Step> video(List<ClipPlayer.Step> steps) {
        return steps.stream().filter(ClipPlayer.Step::isVideo).toList();
    }

    private static List<ClipPlayer.Step> audio(List<ClipPlayer.Step> steps) {
        return steps.stream().filter(step -> !step.isVideo()).toList();
    }

    @Test
    void loopsWithoutASeam() {
        List<ClipPlayer.Step> steps = play(player, 60 * SECOND);

        assertEvenlySpaced(video(steps), 3_000);
        assertEvenlySpaced(audio(steps), 960);
        assertThat(video(steps)).hasSize(60 * 30);
        assertThat(audio(steps)).hasSize(60 * 50);
        assertThat(video(steps).get(60).frame())
                .isSameAs(video(steps).getFirst().frame());
    }

    @Test
    void handsFramesOutInTheOrderInWhichTheyAreDue() {
        long previous = 0;
        for (int i = 0; i < 500; i++) {
            assertThat(player.dueNanos()).isGreaterThanOrEqualTo(previous);
            previous = player.dueNanos();
            player.next();
        }
    }

    private static void assertEvenlySpaced(List<ClipPlayer.Step> steps, long ticks) {
        for (int i = 0; i < steps.size(); i++) {
            assertThat(steps.get(i).ticks()).isEqualTo(ticks * i);
        }
    }

    @ParameterizedTest(name = "asked after {0} ms, the key frame comes within {1} ms")
    @CsvSource({"5, 100", "40, 100", "350, 100", "900, 100", "1040, 100", "1990, 100", "5555, 100"})
    void leapsToAKeyFrame(int askedMillis, int withinMillis) {
        long asked = TimeUnit.MILLISECONDS.toNanos(askedMillis);
        List<ClipPlayer.Step> steps = play(player, asked);
        player.requestKeyFrame();
        List<ClipPlayer.Step> after = play(player, asked + 10 * SECOND);
        steps.addAll(after);

        ClipPlayer.Step keyFrame = video(after).stream()
                .filter(step -> step.frame().isKeyFrame())
                .findFirst()
                .orElseThrow();
        assertThat(ClipPlayer.nanos(keyFrame.ticks(), 90_000) - asked)
                .isBetween(0L, TimeUnit.MILLISECONDS.toNanos(withinMillis));
        assertEvenlySpaced(video(steps), 3_000);
        assertEvenlySpaced(audio(steps), 960);
        assertTogether(after.subList(after.indexOf(keyFrame), after.size()));
    }

    /** Sound and picture that play at one time are of one time in the clip. */
    private static void assertTogether(List<ClipPlayer.Step> steps) {
        ClipPlayer.Step picture = video(steps).getFirst();
        long offset = picture.ticks() - picture.frame().ticks();
        for (ClipPlayer.Step sound : audio(steps)) {
            long soundOffset = (sound.ticks() - sound.frame().ticks()) * 15 / 8;
            assertThat(Math.floorMod(soundOffset - offset, 180_000L)).isZero();
        }
    }

    @Test
    void leapsAtOnceWithoutSound() {
        Clip clip = Clips.seconds(2);
        var silent = new ClipPlayer(new Clip(clip.video(), List.of(), clip.duration()));
        play(silent, SECOND / 10);
        silent.requestKeyFrame();

        assertThat(silent.next().frame().isKeyFrame()).isTrue();
    }

    @Test
    void doesNotLeapWherePacketsDoNotFit() {
        Clip clip = Clips.seconds(2);
        List<Clip.Frame> odd = clip.audio().stream()
                .map(frame -> new Clip.Frame(frame.ticks() + frame.ticks() / 960 % 11, frame.bytes(), true))
                .toList();
        var player = new ClipPlayer(new Clip(clip.video(), odd, clip.duration()));
        play(player, SECOND / 10);
        player.requestKeyFrame();

        List<ClipPlayer.Step> steps = video(play(player, SECOND + 1));

        assertThat(steps.getLast().frame().isKeyFrame()).isTrue();
        assertThat(steps.getLast().ticks()).isEqualTo(90_000);
    }

    @Test
    void keepsItsTimesForYears() {
        long year = 365L * 24 * 3_600;

        assertThat(ClipPlayer.nanos(year * 90_000 + 1, 90_000)).isEqualTo(year * SECOND + 11_111);
        assertThat(ClipPlayer.ticks(year * SECOND + 11_112, 90_000)).isEqualTo(year * 90_000 + 1);
    }

    @Test
    void refusesClipsThatCannotLoop() {
        var frame = new Clip.Frame(0, ByteBuffer.allocate(1), true);
        var delta = new Clip.Frame(0, ByteBuffer.allocate(1), false);
        var late = new Clip.Frame(48_000, ByteBuffer.allocate(1), true);

        assertThatThrownBy(() -> new Clip(List.of(), List.of(), Duration.ofSeconds(1)))
                .hasMessageContaining("without");
        assertThatThrownBy(() -> new Clip(List.of(delta), List.of(), Duration.ofSeconds(1)))
                .hasMessageContaining("key frame");
        assertThatThrownBy(() -> new Clip(List.of(frame, frame), List.of(), Duration.ofSeconds(1)))
                .hasMessageContaining("behind");
        assertThatThrownBy(() -> new Clip(List.of(), List.of(late), Duration.ofSeconds(1)))
                .hasMessageContaining("behind");
        assertThatThrownBy(() -> new Clip(List.of(), List.of(frame), Duration.ofNanos(1)))
                .hasMessageContaining("whole number");
    }
}
