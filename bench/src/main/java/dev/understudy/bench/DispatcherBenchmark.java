package dev.understudy.bench;

import dev.understudy.control.api.Api;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Request;
import dev.understudy.control.api.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The API's own part of a call, handler and socket excluded: routing, signature, JSON, shape, binding, answer.
 *
 * <p>Budget: 30 microseconds for StartComposition.
 *
 * <pre>
 * ./mvnw -q -pl bench -am package -DskipTests dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp bench/target/classes:$(cat bench/target/classpath) org.openjdk.jmh.Main DispatcherBenchmark
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DispatcherBenchmark {
    private static final String STAGE = "arn:aws:ivs:us-east-1:123456789012:stage/AbCdEfGh1234";
    private static final String COMPOSITION = "arn:aws:ivs:us-east-1:123456789012:composition/AbCdEfGh1234";

    private static final String START_COMPOSITION = """
            {"stageArn":"%s","idempotencyToken":"0b7d3c1e-6f0b-4c43-8b77-0d9d7cf1f2aa",
             "layout":{"grid":{"featuredParticipantAttribute":"host","omitStoppedVideo":false,
              "videoAspectRatio":"VIDEO","videoFillMode":"COVER","gridGap":2}},
             "destinations":[{"name":"main","s3":{
              "storageConfigurationArn":"arn:aws:ivs:us-east-1:123456789012:storage-configuration/AbCdEfGh1234",
              "encoderConfigurationArns":["arn:aws:ivs:us-east-1:123456789012:encoder-configuration/AbCdEfGh1234"],
              "recordingConfiguration":{"format":"HLS","hlsConfiguration":{"targetSegmentDurationSeconds":2}}}}],
             "tags":{"team":"live","show":"evening"}}""".formatted(STAGE);

    /** What GetStage asks for. */
    public record GetStageRequest(String arn) {}

    /** What GetStage answers. */
    public record GetStageResponse(Stage stage) {}

    /** A stage. */
    public record Stage(String arn, String name, Map<String, String> tags) {}

    /** What StartComposition asks for. */
    public record StartCompositionRequest(
            String stageArn,
            Optional<String> idempotencyToken,
            Optional<Layout> layout,
            List<Wanted> destinations,
            Map<String, String> tags) {}

    /** How tiles lie. */
    public record Layout(Optional<Grid> grid) {}

    /** Equal tiles. */
    public record Grid(
            Optional<String> featuredParticipantAttribute,
            boolean omitStoppedVideo,
            Optional<String> videoAspectRatio,
            Optional<String> videoFillMode,
            int gridGap) {}

    /** A destination as asked for. */
    public record Wanted(Optional<String> name, Optional<S3> s3) {}

    /** A recording. */
    public record S3(
            String storageConfigurationArn,
            List<String> encoderConfigurationArns,
            Optional<Recording> recordingConfiguration) {}

    /** How it is recorded. */
    public record Recording(Optional<String> format, Optional<Hls> hlsConfiguration) {}

    /** How it is cut. */
    public record Hls(Optional<Integer> targetSegmentDurationSeconds) {}

    /** What StartComposition answers. */
    public record StartCompositionResponse(Composition composition) {}

    /** A composition. */
    public record Composition(
            String arn,
            String stageArn,
            String state,
            Optional<Layout> layout,
            List<Destination> destinations,
            Map<String, String> tags,
            Instant startTime) {}

    /** A destination as it is. */
    public record Destination(String id, String state, Configuration configuration) {}

    /** A destination's configuration. */
    public record Configuration(String name, Optional<S3> s3) {}

    private final Dispatcher dispatcher = new Dispatcher(
            api(),
            SignedRequest.verifier(),
            Dispatcher.Gates.OPEN,
            SignedRequest.CLOCK,
            () -> "0b7d3c1e-6f0b-4c43-8b77-0d9d7cf1f2aa");
    private final Request getStage = SignedRequest.of("/GetStage", "{\"arn\":\"" + STAGE + "\"}");
    private final Request startComposition = SignedRequest.of("/StartComposition", START_COMPOSITION);

    private static Api api() {
        return new Api()
                .operation(
                        "GetStage",
                        GetStageRequest.class,
                        request -> new GetStageResponse(new Stage(request.arn(), "show", Map.of("team", "live"))))
                .operation("StartComposition", StartCompositionRequest.class, DispatcherBenchmark::start);
    }

    private static StartCompositionResponse start(StartCompositionRequest request) {
        List<Destination> destinations = request.destinations().stream()
                .map(wanted -> new Destination(
                        "AbCdEfGh1234",
                        "STARTING",
                        new Configuration(wanted.name().orElse(""), wanted.s3())))
                .toList();
        return new StartCompositionResponse(new Composition(
                COMPOSITION,
                request.stageArn(),
                "STARTING",
                request.layout(),
                destinations,
                request.tags(),
                Instant.EPOCH));
    }

    /** A refusal is cheaper than a call, and would be measured in its place unnoticed. */
    @Setup
    public void requireAnswers() {
        for (Request request : List.of(getStage, startComposition)) {
            Response response = dispatcher.handle(request);
            if (response.status() != 200) {
                throw new IllegalStateException(response.text());
            }
        }
    }

    @Benchmark
    public Response getStage() {
        return dispatcher.handle(getStage);
    }

    @Benchmark
    public Response startComposition() {
        return dispatcher.handle(startComposition);
    }
}
