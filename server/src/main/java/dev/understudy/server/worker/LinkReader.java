package dev.understudy.server.worker;

import dev.understudy.media.link.LinkCodec;
import dev.understudy.media.link.LinkMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Takes link messages off a channel, one after the other.
 *
 * <p>Confined to one thread, which blocks here while nothing comes.
 */
final class LinkReader {
    private static final int START_BYTES = 256 << 10;

    private final ReadableByteChannel channel;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(START_BYTES).flip();

    LinkReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * The next message.
     *
     * @return null when the other end has closed the link
     * @throws IOException also when the bytes cannot be from this build
     */
    @Nullable
    LinkMessage next() throws IOException {
        while (true) {
            LinkMessage message = read();
            if (message != null) {
                return message;
            }
            makeRoom();
            int count = channel.read(buffer);
            buffer.flip();
            if (count < 0) {
                return null;
            }
        }
    }

    private @Nullable LinkMessage read() throws IOException {
        try {
            return LinkCodec.read(buffer);
        } catch (IllegalArgumentException e) {
            throw new IOException("the link does not speak our language", e);
        }
    }

    /** Leaves the buffer ready to be read into, with room for at least one byte; the codec bounds what a message claims. */
    private void makeRoom() {
        if (buffer.remaining() < buffer.capacity()) {
            buffer.compact();
            return;
        }
        buffer = ByteBuffer.allocateDirect(2 * buffer.capacity()).put(buffer);
    }
}
