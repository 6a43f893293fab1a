package dev.understudy.bench;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.credential.CredentialsFile;
import dev.understudy.server.app.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/**
 * What a call of the control API costs a node, store included: its CPU seconds per call, less those of an empty server of
 * the same HTTP library that is asked the same.
 *
 * <p>Budgets: GetStage 100 µs, StartComposition 400 µs more than the empty server, on a store that forces each commit to
 * disk; 5,000 CreateParticipantToken a second on two cores, which is 400 µs each with HTTP; and {@code N} calls at once
 * take at most 1.2 × {@code N} × one call.
 *
 * <p>Node, empty server and load generator are three processes; the CPU of the generator, which signs, is not counted.
 * Thirty-two connections ask at a time, so that commits are shared as they are under load. Each figure is taken after a warm-up that gives the compiler time, in five rounds whose median is
 * given. Compositions are five to a stage, as IVS allows, and are stopped between rounds.
 *
 * <pre>{@code
 * ./mvnw -q -pl bench -am -DskipTests package
 * java --enable-native-access=ALL-UNNAMED \
 *     -cp 'bench/target/classes:server/target/classes:server/target/lib/*' dev.understudy.bench.ApiCost
 * }</pre>
 */
public final class ApiCost {
    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 5;
    private static final int STARTS = 1_000;
    private static final int IVS_COMPOSITIONS_PER_STAGE = 5;
    private static final String REGION = "us-east-1";

    /** One call; {@code number} differs each time. */
    private interface Call {
        JsonNode make(int number) throws IOException;
    }

    private ApiCost() {}

    /** Prints tables in Markdown. */
    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("understudy-bench-");
        List<String> run = List.of(
                "run",
                "--data",
                data.toString(),
                "--http",
                "127.0.0.1:0",
                "--media-port",
                "0",
                "--quota",
                "stages=unlimited",
                "--quota",
                "compositions=unlimited",
                "--quota",
                "compositions-per-stage=unlimited");
        try (ServerProcess empty = ServerProcess.start(EmptyServer.class, List.of());
                ServerProcess node = ServerProcess.start(Main.class, run);
                LoadClient nobody =
                        new LoadClient(empty.url(), new AccessKey("AKIA", "", "secret", Optional.empty()), REGION);
                LoadClient api = client(data, node.url())) {
            System.out.println(Machine.describe() + "\n");
            costs(empty, nobody, node, api);
            atOnce(api);
        }
    }

    private static LoadClient client(Path data, URI url) {
        var key = CredentialsFile.open(data.resolve("credentials"), REGION, url, new SecureRandom())
                .credentials()
                .getFirst();
        return new LoadClient(
                url, new AccessKey(key.accessKeyId(), "", key.secretAccessKey(), Optional.empty()), REGION);
    }

    private static void costs(ServerProcess empty, LoadClient nobody, ServerProcess node, LoadClient api)
            throws Exception {
        String stage = stage(api);
        Map<String, Object> destination = destination(api);
        double http = micros(empty, 20_000, i -> nobody.call("GetStage", Map.of("arn", stage)));
        double get = micros(node, 20_000, i -> api.call("GetStage", Map.of("arn", stage)));
        double token = micros(
                node,
                20_000,
                i -> api.call("CreateParticipantToken", Map.of("stageArn", stage, "userId", "user-" + i)));
        List<String> stages = new ArrayList<>();
        for (int i = 0; i < STARTS / IVS_COMPOSITIONS_PER_STAGE; i++) {
            stages.add(stage(api));
        }
        double start = micros(
                node,
                25,
                STARTS,
                i -> start(api, stages.get(i % stages.size()), destination, i),
                answers -> stop(api, answers));
        System.out.println("| Call | CPU of the server a call | less the empty server |");
        System.out.println("|---|---|---|");
        row("empty server", http, http);
        row("GetStage", get, http);
        row("StartComposition", start, http);
        row("CreateParticipantToken", token, http);
        System.out.printf(
                Locale.ROOT,
                "%nCreateParticipantToken on two cores of which the node has all: %,.0f a second%n%n",
                2e6 / token);
    }

    private static void row(String call, double micros, double http) {
        System.out.printf(Locale.ROOT, "| %s | %.0f µs | %.0f µs |%n", call, micros, micros - http);
    }

    private static String stage(LoadClient api) throws IOException {
        return api.call("CreateStage", Map.of("name", "bench", "tags", Map.of("team", "live")))
                .at("/stage/arn")
                .stringValue();
    }

    private static Map<String, Object> destination(LoadClient api) throws IOException {
        String encoder = api.call("CreateEncoderConfiguration", Map.of())
                .at("/encoderConfiguration/arn")
                .stringValue();
        String storage = api.call("CreateStorageConfiguration", Map.of("s3", Map.of("bucketName", "bench")))
                .at("/storageConfiguration/arn")
                .stringValue();
        return Map.of("s3", Map.of("storageConfigurationArn", storage, "encoderConfigurationArns", List.of(encoder)));
    }

    private static JsonNode start(LoadClient api, String stage, Map<String, Object> destination, int number)
            throws IOException {
        return api.call(
                "StartComposition",
                Map.of(
                        "stageArn",
                        stage,
                        "idempotencyToken",
                        "bench-" + number + "-" + System.nanoTime(),
                        "destinations",
                        List.of(destination)));
    }

    /** Ends them, and waits until none is left that takes part in anything. */
    private static void stop(LoadClient api, List<JsonNode> answers) throws Exception {
        ask(
                answers.size(),
                i -> api.call(
                        "StopComposition",
                        Map.of("arn", answers.get(i).at("/composition/arn").stringValue())));
        Map<String, Object> last =
                Map.of("arn", answers.getLast().at("/composition/arn").stringValue());
        while (!api.call("GetComposition", last)
                .at("/composition/state")
                .stringValue()
                .equals("STOPPED")) {
            Thread.sleep(50);
        }
    }

    /** The server's CPU per call in microseconds: the median round. */
    private static double micros(ServerProcess server, int calls, Call call) throws Exception {
        return micros(server, 12, calls, call, _ -> {});
    }

    /** What comes after each round is not measured. */
    private interface After {
        void round(List<JsonNode> answers) throws Exception;
    }

    private static double micros(ServerProcess server, int warmUps, int calls, Call call, After after)
            throws Exception {
        List<Double> rounds = new ArrayList<>();
        for (int i = 0; i < warmUps; i++) {
            after.round(ask(calls, call));
        }
        for (int round = 0; round < ROUNDS; round++) {
            Duration before = server.cpu();
            List<JsonNode> answers = ask(calls, call);
            rounds.add(server.cpu().minus(before).toNanos() / 1e3 / answers.size());
            System.err.printf(Locale.ROOT, "%.1f µs%n", rounds.getLast());
            after.round(answers);
        }
        return rounds.stream().sorted().skip(ROUNDS / 2).findFirst().orElseThrow();
    }

    private static List<JsonNode> ask(int calls, Call call) throws InterruptedException, ExecutionException {
        try (ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS)) {
            return await(submit(connections, calls, call));
        }
    }

    private static List<Future<JsonNode>> submit(ExecutorService executor, int calls, Call call) {
        List<Future<JsonNode>> asked = new ArrayList<>(calls);
        for (int i = 0; i < calls; i++) {
            int number = i;
            asked.add(executor.submit(() -> call.make(number)));
        }
        return asked;
    }

    private static List<JsonNode> await(List<Future<JsonNode>> asked) throws InterruptedException, ExecutionException {
        List<JsonNode> answers = new ArrayList<>(asked.size());
        for (Future<JsonNode> future : asked) {
            answers.add(future.get());
        }
        return answers;
    }

    private static void atOnce(LoadClient api) throws Exception {
        List<String> stages = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stages.add(stage(api));
        }
        Map<String, Object> destination = destination(api);
        System.out.println("| At once | N | one call | N at once | ÷ (N × one) |");
        System.out.println("|---|---|---|---|---|");
        atOnce("compositions on four stages", 20, i -> start(api, stages.get(i % 4), destination, i));
        atOnce("CreateStage", 100, i -> api.call("CreateStage", Map.of()));
        atOnce("CreateStage", 1_000, i -> api.call("CreateStage", Map.of()));
    }

    private static void atOnce(String what, int calls, Call call) throws Exception {
        ask(calls, call);
        double one = median(millis(20, 1, call));
        double all = median(millis(ROUNDS, calls, call));
        System.out.printf(
                Locale.ROOT, "| %s | %d | %.2f ms | %.1f ms | %.2f |%n", what, calls, one, all, all / (calls * one));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static List<Double> millis(int rounds, int calls, Call call) throws Exception {
        List<Double> times = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
                long begun = System.nanoTime();
                await(submit(each, calls, call));
                times.add((System.nanoTime() - begun) / 1e6);
            }
        }
        return times;
    }
}
