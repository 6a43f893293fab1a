package dev.understudy.server.worker.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import dev.understudy.media.codec.Picture;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;

class PictureConverterTest {
    private static final int WIDTH = 66;
    private static final int HEIGHT = 50;

    /** A frame of one colour. */
    private static AVFrame frame(int format, int colorspace, int range, int y, int u, int v) {
        AVFrame frame = av_frame_alloc();
        frame.width(WIDTH);
        frame.height(HEIGHT);
        frame.format(format);
        frame.colorspace(colorspace);
        frame.color_range(range);
        Native.check(av_frame_get_buffer(frame, 0), "frame");
        int[] values = {y, u, v};
        for (int plane = 0; plane < 3; plane++) {
            int rows = plane == 0 || format == AV_PIX_FMT_YUV444P ? HEIGHT : HEIGHT / 2;
            Native.memory(frame.data(plane), (long) rows * frame.linesize(plane))
                    .fill((byte) values[plane]);
        }
        return frame;
    }

    private static void assertColour(Picture picture, int y, int u, int v) {
        int[] values = {y, u, v};
        for (int plane = 0; plane < 3; plane++) {
            assertThat(TestPictures.get(picture, plane, 8, 8))
                    .as("plane %d", plane)
                    .isBetween(values[plane] - 2, values[plane] + 2);
        }
    }

    @Test
    void copiesNothingThatIsRightAlready() {
        AVFrame frame = frame(AV_PIX_FMT_YUV420P, AVCOL_SPC_BT709, AVCOL_RANGE_JPEG, 1, 2, 3);
        try (PictureConverter converter = new PictureConverter()) {
            Picture picture = converter.normal(frame);

            assertThat(picture.plane(0).address()).isEqualTo(frame.data(0).address());
            assertThat(picture.isFullRange()).isTrue();
        }
        av_frame_free(frame);
    }

    @Test
    void redOfBt601BecomesRedOfBt709() {
        AVFrame frame = frame(AV_PIX_FMT_YUV420P, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, 81, 90, 240);
        try (PictureConverter converter = new PictureConverter()) {
            assertColour(converter.normal(frame), 63, 102, 240);
        }
        av_frame_free(frame);
    }

    @Test
    void fourFourFourOfFullRangeBecomesFourTwoZeroOfLimitedRange() {
        AVFrame frame = frame(AV_PIX_FMT_YUV444P, AVCOL_SPC_BT709, AVCOL_RANGE_JPEG, 255, 128, 128);
        try (PictureConverter converter = new PictureConverter()) {
            Picture picture = converter.normal(frame);

            assertThat(picture.isFullRange()).isFalse();
            assertThat(picture.planeWidth(1)).isEqualTo(WIDTH / 2);
            assertColour(picture, 235, 128, 128);
        }
        av_frame_free(frame);
    }
}
