package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.Composition;
import software.amazon.awssdk.services.ivsrealtime.model.CompositionState;
import software.amazon.awssdk.services.ivsrealtime.model.DestinationConfiguration;

/** What survives {@code kill -9} of a worker and of a node. */
class DeathIT {
    private static final String BUCKET = "death-recordings";

    @TempDir
    Path data;

    /** One stage with one publisher and a composition of it, on a node of its own. */
    private final class Rehearsal implements AutoCloseable {
        private final Program node = Program.node(data);
        private final URI endpoint = node.awaitReady();
        private final IvsRealTimeClient ivs = Clients.realTime(endpoint, data);

        Composition start() {
            String stage = ivs.createStage(request -> {}).stage().arn();
            publish(stage);
            return compose(stage);
        }

        Composition compose(String stage) {
            String storage = ivs.createStorageConfiguration(request -> request.s3(s3 -> s3.bucketName(BUCKET)))
                    .storageConfiguration()
                    .arn();
            String encoder = ivs.createEncoderConfiguration(request ->
                            request.video(video -> video.width(320).height(180).framerate(30f)))
                    .encoderConfiguration()
                    .arn();
            return ivs.startComposition(request -> request.stageArn(stage)
                            .destinations(DestinationConfiguration.builder()
                                    .s3(s3 ->
                                            s3.storageConfigurationArn(storage).encoderConfigurationArns(encoder))
                                    .build()))
                    .composition();
        }

        void publish(String stageArn) {
            String token = ivs.createParticipantToken(
                            request -> request.stageArn(stageArn).userId("ada"))
                    .participantToken()
                    .token();
            publisher = Program.start(
                    List.of("publish", "--whip", endpoint + "/whip", "--name", "Ada"),
                    Map.of("UNDERSTUDY_TOKEN", token));
            publisher.awaitLine("publishing");
        }

        CompositionState await(String compositionArn, CompositionState wanted) {
            return Await.value(
                    () -> ivs.getComposition(request -> request.arn(compositionArn))
                            .composition()
                            .state(),
                    wanted::equals);
        }

        @Override
        public void close() {
            ivs.close();
            node.close();
        }
    }

    private Program publisher;

    @Test
    void aKilledWorkerCostsOneDiscontinuityAndNoClosedSegment() throws Exception {
        try (Rehearsal rehearsal = new Rehearsal()) {
            Composition composition = rehearsal.start();
            Path recording = folder(composition);
            awaitSegments(recording, 2);
            Map<String, byte[]> before = segments(recording);

            oldestWorker(rehearsal.node.handle()).destroyForcibly();
            awaitSegments(recording, before.size() + 3);
            rehearsal.ivs.stopComposition(request -> request.arn(composition.arn()));

            assertThat(rehearsal.await(composition.arn(), CompositionState.STOPPED))
                    .isEqualTo(CompositionState.STOPPED);
            publisher.close();
            assertThat(Recordings.check(recording).findings()).isEmpty();
            assertThat(Recordings.check(recording).discontinuities()).isEqualTo(1);
            assertThat(Recordings.longestHole(recording)).isLessThan(java.time.Duration.ofSeconds(3));
            before.forEach(
                    (name, bytes) -> assertThat(segments(recording).get(name)).isEqualTo(bytes));
        }
    }

    @Test
    void aKilledNodeGoesOnWithItsCompositionWhereItStopped() throws Exception {
        Composition composition;
        Map<String, byte[]> before;
        Path recording;
        try (Rehearsal rehearsal = new Rehearsal()) {
            composition = rehearsal.start();
            recording = folder(composition);
            awaitSegments(recording, 2);
            before = segments(recording);
            rehearsal.node.kill();
            publisher.close();
        }

        try (Rehearsal again = new Rehearsal()) {
            assertThat(again.ivs
                            .getComposition(request -> request.arn(composition.arn()))
                            .composition()
                            .state())
                    .isEqualTo(CompositionState.ACTIVE);
            again.publish(composition.stageArn());
            awaitSegments(recording, before.size() + 2);
            publisher.close();
            assertThat(again.node.terminate(15)).isEqualTo(143);
        }

        assertThat(recording.resolve("events/recording-ended.json")).exists();
        assertThat(Recordings.check(recording).findings()).isEmpty();
        assertThat(Recordings.check(recording).discontinuities()).isEqualTo(1);
        before.forEach(
                (name, bytes) -> assertThat(segments(recording).get(name)).isEqualTo(bytes));
    }

    @Test
    void aBucketThatCannotBeWrittenToFailsTheCompositionAndNothingElse() throws Exception {
        try (Rehearsal rehearsal = new Rehearsal()) {
            String stage = rehearsal.ivs.createStage(request -> {}).stage().arn();
            rehearsal.publish(stage);
            // A file lies where the recording's folder should be.
            Path bucket = Files.createDirectories(data.resolve("buckets").resolve(BUCKET));
            Files.createFile(bucket.resolve(stage.substring(stage.indexOf('/') + 1)));

            Composition composition = rehearsal.compose(stage);

            assertThat(rehearsal.await(composition.arn(), CompositionState.FAILED))
                    .isEqualTo(CompositionState.FAILED);
            publisher.close();
            assertThat(rehearsal.ivs.listStages(request -> {}).stages()).hasSize(1);
            assertThat(rehearsal.node.terminate(15)).isEqualTo(143);
        }
    }

    private Path folder(Composition composition) {
        String prefix = composition.destinations().getFirst().detail().s3().recordingPrefix();
        return data.resolve("buckets").resolve(BUCKET).resolve(prefix);
    }

    private static void awaitSegments(Path recording, int count) {
        assertThat(Await.value(() -> Recordings.listedSegments(recording).size(), listed -> listed >= count))
                .isGreaterThanOrEqualTo(count);
    }

    private static Map<String, byte[]> segments(Path recording) {
        Map<String, byte[]> segments = new LinkedHashMap<>();
        for (Path segment : Recordings.listedSegments(recording)) {
            try {
                segments.put(segment.getFileName().toString(), Files.readAllBytes(segment));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return segments;
    }

    /** The spare was started behind it. */
    private static ProcessHandle oldestWorker(ProcessHandle node) {
        try (Stream<ProcessHandle> children = node.children()) {
            return children.filter(DeathIT::isWorker)
                    .min(Comparator.comparing(
                            child -> child.info().startInstant().orElse(Instant.MAX)))
                    .orElseThrow();
        }
    }

    /** ProcessHandle cuts long command lines off. */
    private static boolean isWorker(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .contains("WorkerMain");
        } catch (IOException e) {
            return false;
        }
    }
}
