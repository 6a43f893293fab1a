package dev.understudy.server.app;

import dev.understudy.media.record.RecordingReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code understudy demo}: the whole way once, from publishers to a checked recording. */
@Command(
        name = "demo",
        description = {
            "Starts a node, lets synthetic publishers join a stage, composes and records them, and checks the recording.",
            "Prints one JSON object at the end; exit status 0 only if the check passed, 130 after Ctrl-C."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final int MAX_PARTICIPANTS = 12;

    @Option(names = "--participants", paramLabel = "N", description = "How many publish, 1 to 12. Default: 4")
    int participants = 4;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "How much to record. Without it the demo goes on until Ctrl-C and a browser can watch it live.")
    @Nullable
    Integer seconds;

    @Mixin
    NodeOptions options = new NodeOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        Runtime.getRuntime().addShutdownHook(new Thread(this::endOnSignal, "demo-end"));
        try {
            return demonstrate();
        } finally {
            finished.countDown();
        }
    }

    private volatile @Nullable DemoStage onStage;

    private int demonstrate() throws IOException, InterruptedException {
        Config config = options.config(new HostPort("127.0.0.1", 0), 0).withServedRecordings();
        try (Node node = Node.start(config);
                ApiClient api = node.client();
                DemoStage stage = DemoStage.set(api, this::say)) {
            say("node ready at " + node.url() + ", data in " + config.dataDir());
            onStage = stage;
            stage.join(participants);
            DemoStage.Recorded recorded = record(node, stage);
            Path folder = node.bucketFolder(recorded.bucket()).resolve(recorded.prefix());
            say("checking " + folder);
            return report(folder, node.check(recorded.bucket(), recorded.prefix()));
        }
    }

    private DemoStage.Recorded record(Node node, DemoStage stage) throws IOException, InterruptedException {
        DemoStage.Recorded recorded = stage.startComposition();
        say("watch it live: " + node.url() + "/play/?recording=" + recorded.bucket() + "/" + recorded.prefix());
        long begun = System.nanoTime();
        while (!isOver(begun)) {
            progress(begun);
        }
        say("");
        stage.stopComposition(recorded);
        return recorded;
    }

    private boolean isOver(long begun) throws InterruptedException {
        long left =
                seconds == null ? Long.MAX_VALUE : Duration.ofSeconds(seconds).toNanos() - (System.nanoTime() - begun);
        if (left <= 0) {
            return true;
        }
        return interrupted.await(Math.min(left, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
    }

    private void progress(long begun) {
        long recorded = Math.round((System.nanoTime() - begun) / 1e9);
        String of = seconds == null ? " s recorded, Ctrl-C ends it" : " of " + seconds + " s recorded";
        System.err.print("\r  " + recorded + of + "   ");
        System.err.flush();
    }

    private int report(Path folder, RecordingReport report) {
        report.findings().forEach(finding -> say("  wrong: " + finding));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("recording", folder.toAbsolutePath().normalize().toString());
        result.put(
                "playlist",
                folder.resolve("media/hls/multivariant.m3u8")
                        .toAbsolutePath()
                        .normalize()
                        .toString());
        result.put("width", report.width());
        result.put("height", report.height());
        result.put("framesPerSecond", report.framesPerSecond());
        result.put("durationSeconds", report.durationSeconds());
        result.put("segments", report.segments());
        result.put("discontinuities", report.discontinuities());
        result.put("participants", participants);
        result.put("passed", report.findings().isEmpty());
        System.out.println(new JsonMapper().writeValueAsString(result));
        System.out.flush();
        return report.findings().isEmpty() ? 0 : 1;
    }

    private void checkOptions() {
        if (participants < 1 || participants > MAX_PARTICIPANTS) {
            throw wrong("--participants: '" + participants + "' is not 1 to " + MAX_PARTICIPANTS);
        }
        if (seconds != null && seconds < 1) {
            throw wrong("--seconds: '" + seconds + "' is not 1 or more");
        }
    }

    private RuntimeException wrong(String message) {
        return spec == null
                ? new IllegalArgumentException(message)
                : new ParameterException(spec.commandLine(), message);
    }

    private void say(String line) {
        System.err.println(line);
    }

    /** The first Ctrl-C ends the recording in order; the JVM waits for that here. */
    private void endOnSignal() {
        interrupted.countDown();
        DemoStage begun = onStage;
        if (begun != null) {
            begun.abandonStart();
        }
        try {
            if (!finished.await(20, TimeUnit.SECONDS)) {
                say("the demo did not end within 20 s of the signal");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
