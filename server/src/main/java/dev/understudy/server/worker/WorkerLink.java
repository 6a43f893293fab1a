package dev.understudy.server.worker;

import dev.understudy.media.link.LinkMessage;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * The node's end of a link to a worker: a queue and a thread that writes, a thread that reads.
 *
 * <p>Frames from the worker are never dropped: whoever takes them slowly makes the worker wait. RTP to the worker is, as
 * {@link RtpShedding} says, and then a key frame of the track is asked for. Thread-safe.
 */
final class WorkerLink implements AutoCloseable {
    private static final long PING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Takes what comes in, and what the link itself has to say. */
    interface Sink {
        /** On the reading thread; the worker waits while this takes its time. */
        void received(LinkMessage.ToNode message);

        /** Video of a track was dropped and now comes again. On the sending thread; returns at once. */
        void keyFrameNeeded(int track);

        /** The last call, made once, when everything that came has been received. */
        void ended(String reason);
    }

    private final SocketChannel channel;
    private final Sink sink;
    private final LinkQueue queue;

    WorkerLink(SocketChannel channel, Sink sink) {
        this.channel = channel;
        this.sink = sink;
        this.queue = new LinkQueue(sink::keyFrameNeeded);
    }

    /** Begins to read and write. */
    void start(String name) {
        Thread.ofVirtual().name(name + "-writer").start(this::writeAll);
        Thread.ofVirtual().name(name + "-reader").start(this::readAll);
    }

    /** Queues a message; never blocks. */
    void send(LinkMessage.ToWorker message) {
        queue.offer(message);
    }

    /** RTP packets that were dropped on this side. */
    long dropped() {
        return queue.dropped();
    }

    private void writeAll() {
        LinkWriter writer = new LinkWriter(channel);
        long pingAtNanos = System.nanoTime();
        try {
            while (!queue.isClosed()) {
                long nowNanos = System.nanoTime();
                if (nowNanos - pingAtNanos >= 0) {
                    writer.write(new LinkMessage.Ping(System.nanoTime()));
                    pingAtNanos = nowNanos + PING_NANOS;
                }
                writeQueued(writer, pingAtNanos - nowNanos);
            }
        } catch (IOException e) {
            endOutput(); // the reader says why, once it has read what the worker said last
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    /** The worker reads its end; what it has sent is still to be read. */
    private void endOutput() {
        queue.close();
        try {
            channel.shutdownOutput();
        } catch (IOException _) {
            close(); // so it is not connected any more
        }
    }

    private void writeQueued(LinkWriter writer, long waitNanos) throws IOException, InterruptedException {
        LinkMessage.ToWorker message = queue.poll(waitNanos);
        while (message != null) {
            writer.append(message);
            message = queue.poll(0);
        }
        writer.flush();
    }

    private void readAll() {
        String reason = "the worker closed the link";
        try {
            LinkReader reader = new LinkReader(channel);
            for (LinkMessage message = reader.next(); message != null; message = reader.next()) {
                if (message instanceof LinkMessage.ToNode forNode) {
                    sink.received(forNode);
                }
            }
        } catch (ClosedChannelException e) {
            reason = "the link was closed";
        } catch (SocketException _) {
            // A reset: it was killed with messages unread, which is as much a closed link as any.
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        } finally {
            close();
            sink.ended(reason);
        }
    }

    @Override
    public void close() {
        queue.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("link to a worker", e);
        }
    }
}
