package dev.understudy.media.compose;

import dev.understudy.media.codec.AudioEncoder;
import dev.understudy.media.codec.Codecs;
import dev.understudy.media.codec.VideoEncoder;
import dev.understudy.media.link.LinkMessage;
import java.util.Collection;

/**
 * Renders tick after tick: sound up to the tick, then the tick's picture. No tick is left out, and none comes twice.
 *
 * <p>A tick that is more than two ticks late is not composed: the last picture is encoded again, which costs next to
 * nothing. Where that goes on for five seconds, the encoder is asked for less.
 */
final class Renderer implements AutoCloseable {
    private static final long STATISTICS_INTERVAL_NANOS = 1_000_000_000L;
    private static final int MAX_LAG_TICKS = 2;

    private final LinkMessage.Configure configure;
    private final TickClock clock;
    private final Compositor compositor;
    private final VideoEncoder videoEncoder;
    private final AudioEncoder audioEncoder;
    private final AudioMixer mixer;
    private final EncodedOutput output;
    private final Overload overload = new Overload();

    private long nextTick;
    private long lastTick = Long.MAX_VALUE;
    private long statisticsAtNanos;
    private long repeated;
    private int presetSteps;
    private boolean isFinished;
    private boolean isDrained;

    Renderer(LinkMessage.Configure configure, Codecs codecs, long nowNanos) {
        this.configure = configure;
        this.clock = TickClock.of(configure.epochNanos(), configure.framesPerSecond());
        this.compositor = new Compositor(configure.width(), configure.height(), configure.grid());
        this.videoEncoder = codecs.videoEncoder(new Codecs.VideoSettings(
                configure.width(),
                configure.height(),
                configure.framesPerSecond(),
                configure.videoBitsPerSecond(),
                configure.gopTicks()));
        this.audioEncoder = codecs.audioEncoder(configure.audioBitsPerSecond());
        this.mixer = new AudioMixer(clock, clock.sample(configure.firstTick()));
        this.output = new EncodedOutput(videoEncoder, audioEncoder);
        this.nextTick = configure.firstTick();
        this.statisticsAtNanos = nowNanos + STATISTICS_INTERVAL_NANOS;
    }

    long playoutDelayNanos() {
        return configure.playoutDelayNanos();
    }

    void stopAfter(long tick) {
        lastTick = Math.min(lastTick, tick);
    }

    long ticksRendered() {
        return nextTick - configure.firstTick();
    }

    long ticksRepeated() {
        return repeated;
    }

    int presetSteps() {
        return presetSteps;
    }

    boolean isDrained() {
        return isDrained;
    }

    /** The next tick's time; after the last one, the time at which it has been shown and heard to its end. */
    long deadlineNanos() {
        return Math.min(clock.nanos(nextTick), statisticsAtNanos);
    }

    /** Whether a second has passed since it last said so. */
    boolean isStatisticsDue(long nowNanos) {
        if (nowNanos < statisticsAtNanos) {
            return false;
        }
        statisticsAtNanos = nowNanos + STATISTICS_INTERVAL_NANOS;
        return true;
    }

    /** Whether all has been handed out; says so once. */
    boolean takeDrained() {
        isDrained |= isFinished;
        return isFinished;
    }

    /** Renders the next tick, if it is due. */
    void elapsed(
            long nowNanos,
            Collection<Publisher> publishers,
            Collection<AudioTrackBuffer> sounding,
            Composer.Outbox out) {
        output.sendFirstConfig(out);
        boolean isStopping = nextTick > lastTick;
        if (nowNanos < clock.nanos(nextTick) && !(isStopping && ticksRendered() == 0)) {
            return;
        }
        mixer.mixUpTo(clock.sample(nextTick), sounding, (sample, block) -> output.encode(sample, block, out));
        if (isStopping) {
            finish(out);
        } else {
            renderPicture(nextTick, nowNanos, publishers, out);
            nextTick++;
        }
    }

    private void renderPicture(long tick, long nowNanos, Collection<Publisher> publishers, Composer.Outbox out) {
        boolean isFirst = tick == configure.firstTick();
        boolean isLate = !isFirst && nowNanos > clock.nanos(tick + MAX_LAG_TICKS);
        if (isLate) {
            repeated++;
        } else {
            compose(tick, publishers, out);
        }
        if (overload.isTooLong(isLate, nowNanos) && videoEncoder.fasten()) {
            presetSteps++;
        }
        boolean isKeyFrame = isFirst || tick % configure.gopTicks() == 0;
        output.encode(tick, compositor.canvas(), isKeyFrame, isLate, out);
    }

    private void compose(long tick, Collection<Publisher> publishers, Composer.Outbox out) {
        long tickNanos = clock.nanos(tick);
        for (Publisher publisher : publishers) {
            publisher.videoTracks().forEach(track -> track.decodeDue(tickNanos));
            if (publisher.takeFirstShown()) {
                out.send(new LinkMessage.FirstShown(publisher.number(), tick));
            }
        }
        compositor.compose(publishers.stream().map(Publisher::tile).toList());
    }

    private void finish(Composer.Outbox out) {
        mixer.finish((sample, block) -> output.encode(sample, block, out));
        output.finish(out);
        isFinished = true;
    }

    @Override
    public void close() {
        videoEncoder.close();
        audioEncoder.close();
    }
}
