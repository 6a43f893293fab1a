package dev.understudy.server.worker.ffmpeg;

import dev.understudy.media.codec.Picture;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** The arrays of plane addresses and strides that FFmpeg takes pictures in. Whoever allocates one closes it. */
final class Planes implements AutoCloseable {
    /** FFmpeg reads four, of which 4:2:0 uses {@link Picture#PLANES}. */
    private static final int MAX_PLANES = 4;

    private final PointerPointer<Pointer> addresses;
    private final IntPointer strides;
    private final MemorySegment addressValues;
    private final MemorySegment strideValues;

    private Planes(PointerPointer<Pointer> addresses, IntPointer strides) {
        this.addresses = addresses;
        this.strides = strides;
        this.addressValues = Native.memory(addresses, MAX_PLANES * ValueLayout.JAVA_LONG.byteSize());
        this.strideValues = Native.memory(strides, MAX_PLANES * ValueLayout.JAVA_INT.byteSize());
        addressValues.fill((byte) 0);
        strideValues.fill((byte) 0);
    }

    static Planes allocate() {
        return new Planes(new PointerPointer<>(MAX_PLANES), new IntPointer(MAX_PLANES));
    }

    /** The arrays inside a frame, which stay the frame's. */
    @SuppressWarnings("unchecked")
    static Planes of(AVFrame frame) {
        return new Planes((PointerPointer<Pointer>) frame.data(), frame.linesize());
    }

    /** Makes them those of a picture, whose memory must be native and outlive their use. */
    void point(Picture picture) {
        for (int plane = 0; plane < Picture.PLANES; plane++) {
            addressValues.setAtIndex(
                    ValueLayout.JAVA_LONG, plane, picture.plane(plane).address());
            strideValues.setAtIndex(ValueLayout.JAVA_INT, plane, picture.stride(plane));
        }
    }

    PointerPointer<Pointer> addresses() {
        return addresses;
    }

    IntPointer strides() {
        return strides;
    }

    @Override
    public void close() {
        addresses.close();
        strides.close();
    }
}
