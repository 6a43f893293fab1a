package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** What every call into FFmpeg needs: errors as exceptions, and native memory as segments. Stateless. */
final class Native {
    /** {@code AVERROR(EAGAIN)} on Linux. */
    static final int AGAIN = -11;

    private static final int MAX_ERROR_BYTES = 128;

    static {
        av_log_set_level(AV_LOG_FATAL); // a peer's broken bitstream is counted, not logged
    }

    private Native() {}

    /** @throws IllegalStateException when {@code code} is an error */
    static int check(int code, String what) {
        if (code >= 0) {
            return code;
        }
        byte[] text = new byte[MAX_ERROR_BYTES];
        av_strerror(code, text, text.length);
        throw new IllegalStateException(what + ": " + new String(text, StandardCharsets.UTF_8).trim());
    }

    /** @throws IllegalStateException when there is nothing: out of memory, or not in this build of FFmpeg */
    static <T extends Pointer> T require(@Nullable T pointer, String what) {
        if (pointer == null || pointer.isNull()) {
            throw new IllegalStateException("FFmpeg has no " + what);
        }
        return pointer;
    }

    /** Memory that FFmpeg owns. The caller answers for its length and for not using it longer than it lives. */
    @SuppressWarnings("restricted")
    static MemorySegment memory(Pointer pointer, long bytes) {
        return MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
    }

    /** Opens a codec; frees the context when that fails. */
    static void open(AVCodecContext context, AVCodec codec, Map<String, String> options) {
        AVDictionary dictionary = new AVDictionary(null);
        try {
            options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
            check(avcodec_open2(context, codec, dictionary), codec.name().getString());
        } catch (IllegalStateException e) {
            avcodec_free_context(context);
            throw e;
        } finally {
            av_dict_free(dictionary);
            dictionary.close();
        }
    }
}
