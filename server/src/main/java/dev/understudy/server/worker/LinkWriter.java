package dev.understudy.server.worker;

import dev.understudy.media.link.LinkCodec;
import dev.understudy.media.link.LinkMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts link messages on a channel, many in one system call where the caller has many.
 *
 * <p>Thread-safe: messages of several threads are never mixed. Writing blocks while the other end does not read, and
 * that is the pressure which makes a compositor repeat its last picture.
 */
final class LinkWriter {
    private static final int START_BYTES = 256 << 10;

    private static final int MAX_BYTES = LinkCodec.MAX_MESSAGE_BYTES + 64;

    private final WritableByteChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(START_BYTES);

    LinkWriter(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Writes one message and everything before it. */
    void write(LinkMessage message) throws IOException {
        lock.lock();
        try {
            append(message);
            flush();
        } finally {
            lock.unlock();
        }
    }

    /** Writes one message in the course of a batch, which {@link #flush} ends. */
    void append(LinkMessage message) throws IOException {
        lock.lock();
        try {
            while (!LinkCodec.write(message, buffer)) {
                makeRoom(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hands everything to the channel. */
    void flush() throws IOException {
        lock.lock();
        try {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            buffer.clear();
            lock.unlock();
        }
    }

    private void makeRoom(LinkMessage message) throws IOException {
        if (buffer.position() > 0) {
            flush();
        } else if (buffer.capacity() < MAX_BYTES) {
            buffer = ByteBuffer.allocateDirect(Math.min(MAX_BYTES, 2 * buffer.capacity()));
        } else {
            throw new IllegalArgumentException("longer than a link message may be: " + message.getClass());
        }
    }
}
