package dev.understudy.server.composition;

import dev.understudy.control.composition.CompositionPlane;
import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.server.storage.Bucket;
import dev.understudy.server.storage.DirectoryBuckets;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All compositions that run on this node: the control side's {@link CompositionPlane}. Thread-safe. */
public final class CompositionRuns implements CompositionPlane {
    private static final Logger log = LoggerFactory.getLogger(CompositionRuns.class);

    private final RunContext context;
    private final DirectoryBuckets buckets;
    private final Map<String, CompositionRun> runs = new ConcurrentHashMap<>();

    public CompositionRuns(RunContext context, DirectoryBuckets buckets) {
        this.context = context;
        this.buckets = buckets;
    }

    @Override
    public void start(CompositionSpec spec) {
        Optional<CompositionSpec.Recording> recording = spec.recording();
        if (recording.isEmpty()) {
            broke(spec, "there is no recording among the destinations, and nothing else is served yet");
            return;
        }
        Bucket bucket;
        try {
            bucket = buckets.open(recording.get().bucketName());
        } catch (IOException e) {
            broke(spec, "bucket " + recording.get().bucketName() + " cannot be written to: " + e.getMessage());
            return;
        }
        CompositionRun run = runs.computeIfAbsent(spec.arn(), _ -> run(spec, recording.get(), bucket));
        run.begin();
        if (spec.isStopping()) {
            run.stop();
        }
    }

    private void broke(CompositionSpec spec, String reason) {
        Instant now = context.now();
        context.reports().add(reports -> reports.broke(spec.arn(), now, reason));
    }

    private CompositionRun run(CompositionSpec spec, CompositionSpec.Recording recording, Bucket bucket) {
        var settings = WorkerSettings.of(spec, recording, context.playoutDelay());
        var folder = RecordingFolder.of(spec, recording, bucket, settings.audioBitsPerSecond());
        return new CompositionRun(spec, context, folder, settings, () -> runs.remove(spec.arn()));
    }

    /** A composition that needs the bucket tries again, and fails with the reason. */
    @Override
    public void bucketNamed(String bucketName) {
        try {
            buckets.open(bucketName);
        } catch (IOException e) {
            log.atWarn().addKeyValue("bucket", bucketName).setCause(e).log("bucket was not made");
        }
    }

    @Override
    public void stop(String compositionArn) {
        CompositionRun run = runs.get(compositionArn);
        if (run != null) {
            run.stop();
        }
    }

    /** Compositions that have not ended. */
    public int size() {
        return runs.size();
    }

    /** Ends all in order. */
    public void stopAll() {
        runs.values().forEach(CompositionRun::stop);
    }

    /** Waits until all that were told to stop have ended, but no longer than {@code seconds} for all of them together. */
    public void awaitAll(long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (CompositionRun run : List.copyOf(runs.values())) {
            run.awaitEnd(deadline - System.nanoTime());
        }
    }
}
