package dev.understudy.server.worker.ffmpeg;

import dev.understudy.media.codec.AudioDecoder;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.PlanarPicture;
import dev.understudy.media.codec.Scaler;
import dev.understudy.media.layout.Rect;
import dev.understudy.server.publish.Clip;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what a file holds into a clip's two tracks: pictures at an even rate, each shown until the next, fitted into the
 * clip's size; sound cut into Opus packets. What is too short is held, or silent, to the end. Confined to one thread.
 */
final class FileClip implements MediaFile.Sink, AutoCloseable {
    private static final int CHANNELS = AudioDecoder.CHANNELS;
    private static final int BLACK = 16;
    private static final int NEUTRAL = 128;

    private final ClipSettings settings;
    private final Arena arena = Arena.ofConfined();
    private final PlanarPicture canvas;
    private final Scaler scaler = new FfmpegScaler();
    private final List<Clip.Frame> video = new ArrayList<>();
    private final List<Clip.Frame> audio = new ArrayList<>();
    private final ClipEncoder.VideoTrackEncoder videoEncoder;
    private final ClipEncoder.AudioTrackEncoder audioEncoder = new ClipEncoder.AudioTrackEncoder(audio);
    private final float[] block = new float[CHANNELS * OpusEncoder.PACKET_SAMPLES];

    /** Where in the block the next sample goes; before its start for those that only prime the encoder. */
    private int blockSamples;

    private long heardSamples;
    private boolean hasSound;

    FileClip(ClipSettings settings) {
        this.settings = settings;
        this.canvas = PlanarPicture.allocate(settings.width(), settings.height(), arena);
        canvas.fill(BLACK, NEUTRAL, NEUTRAL);
        this.videoEncoder = new ClipEncoder.VideoTrackEncoder(settings, video);
        audioEncoder.prime(block);
        this.blockSamples = -audioEncoder.delaySamples();
    }

    @Override
    public boolean wantsMore() {
        return isVideoShort() || isAudioShort();
    }

    private boolean isVideoShort() {
        return video.size() < settings.seconds() * settings.framesPerSecond();
    }

    private boolean isAudioShort() {
        return audio.size() * OpusEncoder.PACKET_SAMPLES < settings.seconds() * AudioDecoder.SAMPLES_PER_SECOND;
    }

    @Override
    public void picture(double seconds, Picture picture) {
        while (isVideoShort() && video.size() < Math.round(seconds * settings.framesPerSecond())) {
            videoEncoder.encode(canvas);
        }
        Rect place = place(picture);
        canvas.fill(BLACK, NEUTRAL, NEUTRAL);
        scaler.scale(picture, canvas.view(place));
    }

    /** The largest even rectangle of the picture's shape, in the middle. */
    private Rect place(Picture picture) {
        double scale =
                Math.min((double) settings.width() / picture.width(), (double) settings.height() / picture.height());
        int width = Math.clamp(2 * Math.round(picture.width() * scale / 2), 2, settings.width());
        int height = Math.clamp(2 * Math.round(picture.height() * scale / 2), 2, settings.height());
        return new Rect((settings.width() - width) / 2 & ~1, (settings.height() - height) / 2 & ~1, width, height);
    }

    @Override
    public void sound(double seconds, float[] samples, int count) {
        long begins = Math.round(seconds * AudioDecoder.SAMPLES_PER_SECOND);
        while (!hasSound && heardSamples < begins && isAudioShort()) {
            add(0, 0);
        }
        hasSound = true;
        for (int i = 0; i < count && isAudioShort(); i++) {
            add(samples[CHANNELS * i], samples[CHANNELS * i + 1]);
        }
    }

    private void add(float left, float right) {
        heardSamples++;
        if (blockSamples >= 0) {
            block[CHANNELS * blockSamples] = left;
            block[CHANNELS * blockSamples + 1] = right;
        }
        blockSamples++;
        if (blockSamples == OpusEncoder.PACKET_SAMPLES) {
            audioEncoder.encode(block);
            blockSamples = 0;
        }
    }

    /** The pictures' access units, the last one held to the end. */
    List<Clip.Frame> video() {
        while (isVideoShort()) {
            videoEncoder.encode(canvas);
        }
        return video;
    }

    /** The sound's packets, with silence to the end. */
    List<Clip.Frame> audio() {
        while (isAudioShort()) {
            add(0, 0);
        }
        return audio;
    }

    @Override
    public void close() {
        scaler.close();
        videoEncoder.close();
        audioEncoder.close();
        arena.close();
    }
}
