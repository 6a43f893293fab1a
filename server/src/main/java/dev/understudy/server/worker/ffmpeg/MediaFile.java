package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_TIME_BASE;

import dev.understudy.media.codec.Picture;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** A media file of any format that FFmpeg knows, decoded from front to back. Confined to one thread. */
final class MediaFile implements AutoCloseable {
    /** Takes what is decoded, in the order in which the file has it. */
    interface Sink {
        /** A picture, valid during the call. */
        void picture(double seconds, Picture picture);

        /** Sound at 48 kHz, stereo, interleaved; valid during the call. */
        void sound(double seconds, float[] samples, int count);

        /** Whether it needs more. */
        boolean wantsMore();
    }

    private final AVFormatContext format = new AVFormatContext(null);
    private final AVPacket packet = Native.require(av_packet_alloc(), "packet");
    private final @Nullable FileTrack video;
    private final @Nullable FileTrack audio;

    /** @throws IOException when it cannot be read, or has neither pictures nor sound */
    MediaFile(Path file) throws IOException {
        int code = avformat_open_input(format, file.toString(), null, (AVDictionary) null);
        if (code < 0 || avformat_find_stream_info(format, (PointerPointer<?>) null) < 0) {
            close(null, null);
            throw new IOException(file + " is no media file that FFmpeg can read");
        }
        video = track(AVMEDIA_TYPE_VIDEO);
        audio = track(AVMEDIA_TYPE_AUDIO);
        if (video == null && audio == null) {
            close(null, null);
            throw new IOException(file + " has neither pictures nor sound");
        }
    }

    private @Nullable FileTrack track(int type) {
        int index = av_find_best_stream(format, type, -1, -1, (AVCodec) null, 0);
        double began = format.start_time() == AV_NOPTS_VALUE ? 0 : (double) format.start_time() / AV_TIME_BASE;
        return index < 0 ? null : new FileTrack(format.streams(index), began);
    }

    boolean hasVideo() {
        return video != null;
    }

    boolean hasAudio() {
        return audio != null;
    }

    /** As the file says; 0 when it does not. */
    double seconds() {
        return format.duration() == AV_NOPTS_VALUE ? 0 : (double) format.duration() / AV_TIME_BASE;
    }

    /** Decodes until the end, or until the sink has enough. */
    void decode(Sink sink) {
        while (sink.wantsMore() && av_read_frame(format, packet) >= 0) {
            if (video != null && video.index() == packet.stream_index()) {
                video.decodePictures(packet, sink);
            } else if (audio != null && audio.index() == packet.stream_index()) {
                audio.decodeSound(packet, sink);
            }
            av_packet_unref(packet);
        }
        if (video != null) {
            video.decodePictures(null, sink);
        }
        if (audio != null) {
            audio.decodeSound(null, sink);
        }
    }

    @Override
    public void close() {
        close(video, audio);
    }

    private void close(@Nullable FileTrack first, @Nullable FileTrack second) {
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
        av_packet_free(packet);
        avformat_close_input(format);
        format.close();
    }
}
