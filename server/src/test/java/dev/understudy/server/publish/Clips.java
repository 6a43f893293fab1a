package dev.understudy.server.publish;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Clips whose frames carry their number, so that a receiver knows which it got. */
final class Clips {
    static final int FRAMES_PER_SECOND = 30;
    static final int PACKETS_PER_SECOND = 50;

    private Clips() {}

    /** Whole seconds, a key frame in each. */
    static Clip seconds(int seconds) {
        List<Clip.Frame> video = IntStream.range(0, seconds * FRAMES_PER_SECOND)
                .mapToObj(i -> new Clip.Frame(3_000L * i, picture(i), i % FRAMES_PER_SECOND == 0))
                .toList();
        return new Clip(video, audio(seconds), Duration.ofSeconds(seconds));
    }

    static Clip sound(int seconds) {
        return new Clip(List.of(), audio(seconds), Duration.ofSeconds(seconds));
    }

    private static List<Clip.Frame> audio(int seconds) {
        return IntStream.range(0, seconds * PACKETS_PER_SECOND)
                .mapToObj(i -> new Clip.Frame(960L * i, ByteBuffer.allocate(40).putInt(0, i), true))
                .toList();
    }

    /** A key frame takes several packets, any other one. */
    private static ByteBuffer picture(int number) {
        boolean isKeyFrame = number % FRAMES_PER_SECOND == 0;
        ByteBuffer picture = ByteBuffer.allocate(isKeyFrame ? 20_000 : 600);
        if (isKeyFrame) {
            picture.putInt(1)
                    .put(new byte[] {0x67, 0x42, (byte) 0xE0, 0x1F})
                    .putInt(1)
                    .put(new byte[] {0x68, 1});
        }
        picture.putInt(1).put((byte) (isKeyFrame ? 0x65 : 0x41)).putShort((short) (0x8000 | number));
        while (picture.hasRemaining()) {
            picture.put((byte) 0x55);
        }
        return picture.flip();
    }
}
