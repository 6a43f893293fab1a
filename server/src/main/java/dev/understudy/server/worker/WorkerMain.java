package dev.understudy.server.worker;

import dev.understudy.media.link.LinkMessage;
import dev.understudy.server.worker.ffmpeg.FfmpegCodecs;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A worker: codecs behind a link, for one composition.
 *
 * <p>It writes no file, opens no connection but its link, and ends when that ends, at once and whatever it is doing.
 */
public final class WorkerMain {
    private WorkerMain() {}

    /** Runs until the composition is drained or the link ends; the one argument is the path of the node's socket. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int status = 1;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])))) {
            LinkWriter writer = new LinkWriter(channel);
            FfmpegCodecs codecs = new FfmpegCodecs();
            Warmup.run(codecs);
            WorkerRun run = new WorkerRun(writer, codecs);
            startReading(channel, run);
            writer.write(new LinkMessage.Ready(ProcessHandle.current().pid()));
            run.run();
            status = 0;
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    /** The thread that ends the process with the link, however busy the other one is. */
    private static void startReading(SocketChannel channel, WorkerRun run) {
        Thread.ofPlatform().daemon().name("link-reader").start(() -> {
            try {
                LinkReader reader = new LinkReader(channel);
                for (LinkMessage message = reader.next(); message != null; message = reader.next()) {
                    if (message instanceof LinkMessage.ToWorker forWorker) {
                        run.received(forWorker);
                    }
                }
            } catch (IOException e) {
                System.err.println("link: " + e.getMessage());
            } finally {
                Runtime.getRuntime().halt(0);
            }
        });
    }
}
