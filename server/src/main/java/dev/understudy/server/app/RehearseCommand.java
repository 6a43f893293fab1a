package dev.understudy.server.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code understudy rehearse}: a node's first second, in a folder that goes away again. The launcher runs it while the JVM
 * writes down what it loads, so that later starts find that ready.
 */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("understudy-rehearsal");
        try (Node node = Node.start(Config.defaults(folder.resolve("data")).onFreePorts());
                ApiClient api = node.client()) {
            callEveryKind(api);
        } finally {
            delete(folder);
        }
        return 0;
    }

    private static void callEveryKind(ApiClient api) throws IOException, InterruptedException {
        String stage = api.call("CreateStage", Map.of("tags", Map.of("a", "b")))
                .at("/stage/arn")
                .stringValue();
        api.call("CreateParticipantToken", Map.of("stageArn", stage));
        api.call("GetStage", Map.of("arn", stage));
        String encoder = api.call("CreateEncoderConfiguration", Map.of())
                .at("/encoderConfiguration/arn")
                .stringValue();
        String storage = api.call("CreateStorageConfiguration", Map.of("s3", Map.of("bucketName", "rehearsal")))
                .at("/storageConfiguration/arn")
                .stringValue();
        var s3 = Map.of("storageConfigurationArn", storage, "encoderConfigurationArns", List.of(encoder));
        String composition = api.call(
                        "StartComposition", Map.of("stageArn", stage, "destinations", List.of(Map.of("s3", s3))))
                .at("/composition/arn")
                .stringValue();
        api.call("ListCompositions", Map.of());
        api.call("StopComposition", Map.of("arn", composition));
        api.call("ListStages", Map.of());
    }

    private static void delete(Path folder) {
        try (Stream<Path> below = Files.walk(folder)) {
            below.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
