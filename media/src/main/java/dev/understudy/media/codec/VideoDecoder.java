package dev.understudy.media.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one H.264 stream, access unit by access unit, with no delay: a unit's picture is out when {@link #decode}
 * returns. A change of size needs no other decoder. Confined to one thread.
 */
public interface VideoDecoder extends AutoCloseable {
    /** What an access unit came to. */
    enum Outcome {
        /** {@link #picture} is a new one. */
        PICTURE,
        /** Nothing to show, and nothing wrong: parameter sets alone. */
        NOTHING,
        /** Not decodable, or only with errors; what it gave is not shown. */
        DAMAGED
    }

    /**
     * Takes the next access unit in.
     *
     * @param annexB whole, in Annex B form, between position and limit, which stay; on or off the heap; not kept
     */
    Outcome decode(ByteBuffer annexB);

    /**
     * The last whole picture; null before the first. It is the decoder's, and valid until {@link #decode} next returns
     * {@link Outcome#PICTURE} or the decoder is closed.
     */
    @Nullable
    Picture picture();

    @Override
    void close();
}
