package dev.understudy.server.worker;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's side of a worker: started, watched, killed. Thread-safe.
 *
 * <p>Nothing but SIGKILL ends it from outside: a terminal's or a supervisor's signal to the whole group must not take
 * workers down before the node has drained them.
 */
final class WorkerProcess {
    private static final Logger log = LoggerFactory.getLogger(WorkerProcess.class);

    private static final int MAX_LOGGED_CHARS = 2_000;

    /** A worker has nothing to say but how it dies. What comes after so many pieces is read and forgotten. */
    private static final int MAX_LOGGED_PIECES = 100;

    private final Process process;

    private WorkerProcess(Process process) {
        this.process = process;
    }

    static WorkerProcess start(WorkerOptions options, Path socket) throws IOException {
        Process process = new ProcessBuilder(options.command(socket))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .start();
        var started = new WorkerProcess(process);
        Thread.ofVirtual().name("worker-log-" + process.pid()).start(started::logOutput);
        return started;
    }

    private void logOutput() {
        char[] piece = new char[MAX_LOGGED_CHARS];
        try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            for (int pieces = 0; pieces < MAX_LOGGED_PIECES; pieces++) {
                int length = output.read(piece);
                if (length < 0) {
                    return;
                }
                log.atWarn()
                        .addKeyValue("worker", process.pid())
                        .addKeyValue("output", new String(piece, 0, length).strip())
                        .log("worker wrote to its log");
            }
            output.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            log.atDebug().addKeyValue("worker", process.pid()).setCause(e).log("worker's log ended");
        }
    }

    long id() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Memory that it holds in RAM; 0 when it is gone. */
    long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    /** SIGKILL. Does nothing to one that is gone. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits until it is gone, but not longer than this; says whether it is. */
    boolean awaitExit(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }
}
