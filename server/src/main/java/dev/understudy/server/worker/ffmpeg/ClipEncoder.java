package dev.understudy.server.worker.ffmpeg;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.codec.AudioDecoder;
import dev.understudy.media.codec.Codecs.VideoSettings;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.VideoEncoder;
import dev.understudy.server.publish.Clip;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes the clips that synthetic publishers play: H.264 constrained baseline with a key frame each second and no B
 * frames, as browsers send it, and Opus in packets of 20 ms.
 *
 * <p>At the start of every second the {@link TestCard} flashes and the sound beeps, to the sample: what libopus delays
 * is taken off beforehand. Loads the native codecs, so it runs in a publisher's process, never in a node's. Stateless.
 */
public final class ClipEncoder {
    private static final int CHANNELS = AudioDecoder.CHANNELS;
    private static final int SAMPLES_PER_SECOND = AudioDecoder.SAMPLES_PER_SECOND;
    private static final double BEEP_LEVEL = 0.5;

    /** Between beeps, so that silence means that something is missing. */
    private static final double TONE_LEVEL = 0.02;

    private static final int PARAMETER_SET_BYTES = 512;

    private ClipEncoder() {}

    /** Encodes the test card and its sound. */
    public static Clip encode(ClipSettings settings) {
        return new Clip(video(settings), audio(settings), Duration.ofSeconds(settings.seconds()));
    }

    /**
     * Encodes a media file anew, from its start on, in whole seconds: as many as it has, but at most
     * {@link ClipSettings#MAX_SECONDS}.
     *
     * @param settings the size and rate to bring it to; its seconds, tone and pattern do not matter
     * @throws IOException when the file cannot be read
     */
    public static Clip encodeFile(Path file, ClipSettings settings) throws IOException {
        try (MediaFile media = new MediaFile(file)) {
            int seconds = Math.clamp((long) media.seconds(), 1, ClipSettings.MAX_SECONDS);
            try (FileClip clip = new FileClip(settings.withSeconds(seconds))) {
                media.decode(clip);
                List<Clip.Frame> video = media.hasVideo() ? clip.video() : List.of();
                List<Clip.Frame> audio = media.hasAudio() ? clip.audio() : List.of();
                return new Clip(video, audio, Duration.ofSeconds(seconds));
            }
        } catch (IllegalStateException e) {
            throw new IOException(file + " cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static List<Clip.Frame> video(ClipSettings settings) {
        List<Clip.Frame> frames = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                VideoTrackEncoder encoder = new VideoTrackEncoder(settings, frames)) {
            TestCard card = new TestCard(settings, arena);
            for (int frame = 0; frame < settings.seconds() * settings.framesPerSecond(); frame++) {
                encoder.encode(card.draw(frame));
            }
        }
        return frames;
    }

    private static List<Clip.Frame> audio(ClipSettings settings) {
        List<Clip.Frame> frames = new ArrayList<>();
        try (AudioTrackEncoder encoder = new AudioTrackEncoder(frames)) {
            encoder.prime(block(settings, encoder.delaySamples() - OpusEncoder.PACKET_SAMPLES));
            for (int start = 0; start < settings.seconds() * SAMPLES_PER_SECOND; start += OpusEncoder.PACKET_SAMPLES) {
                encoder.encode(block(settings, start + encoder.delaySamples()));
            }
        }
        return frames;
    }

    private static float[] block(ClipSettings settings, int start) {
        float[] block = new float[CHANNELS * OpusEncoder.PACKET_SAMPLES];
        for (int i = 0; i < OpusEncoder.PACKET_SAMPLES; i++) {
            float sample = sample(settings, Math.floorMod(start + i, SAMPLES_PER_SECOND));
            block[CHANNELS * i] = sample;
            block[CHANNELS * i + 1] = sample;
        }
        return block;
    }

    private static float sample(ClipSettings settings, int inSecond) {
        boolean isBeep = inSecond < TestCard.FLASH_SECONDS * SAMPLES_PER_SECOND;
        double phase = 2 * Math.PI * settings.toneHz() * inSecond / SAMPLES_PER_SECOND;
        return (float) ((isBeep ? BEEP_LEVEL : TONE_LEVEL) * Math.sin(phase));
    }

    /** Puts access units into a list, with their parameter sets in band. */
    static final class VideoTrackEncoder implements AutoCloseable {
        private final ClipSettings settings;
        private final List<Clip.Frame> frames;
        private final VideoEncoder encoder;
        private long tick;

        VideoTrackEncoder(ClipSettings settings, List<Clip.Frame> frames) {
            this.settings = settings;
            this.frames = frames;
            this.encoder = H264Encoder.open(
                    new VideoSettings(
                            settings.width(),
                            settings.height(),
                            settings.framesPerSecond(),
                            settings.videoBitsPerSecond(),
                            settings.framesPerSecond()),
                    H264Settings.BASELINE);
        }

        void encode(Picture picture) {
            encoder.encode(tick, picture, tick % settings.framesPerSecond() == 0, this::add);
            tick++;
        }

        private void add(long ofTick, boolean isKeyFrame, ByteBuffer lengthPrefixed) {
            ByteBuffer annexB = ByteBuffer.allocate(lengthPrefixed.remaining() + PARAMETER_SET_BYTES);
            if (isKeyFrame) {
                append(encoder.sps(), annexB);
                append(encoder.pps(), annexB);
            }
            Objects.requireNonNull(AnnexB.fromLengthPrefixed(lengthPrefixed)).forEach(unit -> append(unit, annexB));
            long ticks = ofTick * (Clip.VIDEO_CLOCK_RATE / settings.framesPerSecond());
            frames.add(new Clip.Frame(ticks, annexB.flip(), isKeyFrame));
        }

        private static void append(ByteBuffer unit, ByteBuffer annexB) {
            annexB.putInt(1).put(unit);
        }

        @Override
        public void close() {
            encoder.close();
        }
    }

    /** Puts Opus packets into a list. */
    static final class AudioTrackEncoder implements AutoCloseable {
        private final List<Clip.Frame> frames;
        private final OpusEncoder encoder = new OpusEncoder();

        AudioTrackEncoder(List<Clip.Frame> frames) {
            this.frames = frames;
        }

        int delaySamples() {
            return encoder.delaySamples();
        }

        /** Lets the encoder hear what comes before the first packet, which is the end of the clip. */
        void prime(float[] block) {
            encoder.encode(block, _ -> {});
        }

        void encode(float[] block) {
            encoder.encode(block, opus -> {
                ByteBuffer copy =
                        ByteBuffer.allocate(opus.remaining()).put(opus).flip();
                frames.add(new Clip.Frame((long) frames.size() * OpusEncoder.PACKET_SAMPLES, copy, true));
            });
        }

        @Override
        public void close() {
            encoder.close();
        }
    }
}
