package dev.understudy.bench;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.credential.CredentialsFile;
import dev.understudy.server.app.ApiClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long a user waits after {@code ./understudy run}: from the launcher's start to the first answered call, with the
 * start cache and without.
 *
 * <p>Budget: 1.5 s with it, 3 s without. The launcher, a built checkout and a data folder that exists are part of what is
 * measured; building and making the cache are not. With 10,000 stages it takes as long as with ten. All ways are measured
 * in turn.
 *
 * <pre>{@code
 * java -cp 'bench/target/classes:server/target/classes:server/target/lib/*' \
 *     dev.understudy.bench.StartToFirstCall ./understudy
 * }</pre>
 */
public final class StartToFirstCall {
    private static final int STARTS = 11;
    private static final int FEW_STAGES = 10;
    private static final int MANY_STAGES = 10_000;
    private static final String REGION = "us-east-1";

    private final String launcher;
    private final Path data;

    private StartToFirstCall(String launcher, Path data) {
        this.launcher = launcher;
        this.data = data;
    }

    /** Prints a row of a Markdown table for each way of starting. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("understudy-bench-");
        var few = new StartToFirstCall(arguments[0], folder.resolve("few"));
        var many = new StartToFirstCall(arguments[0], folder.resolve("many"));
        few.firstStart(FEW_STAGES);
        many.firstStart(MANY_STAGES);
        double[] cached = new double[STARTS];
        double[] cachedWithMany = new double[STARTS];
        double[] plain = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            cached[i] = few.seconds(Map.of());
            cachedWithMany[i] = many.seconds(Map.of());
            plain[i] = few.seconds(Map.of("UNDERSTUDY_JAVA_OPTS", "-XX:AOTMode=off"));
        }
        print("with the start cache, ten stages", cached);
        print("with the start cache, 10,000 stages", cachedWithMany);
        print("without the start cache, ten stages", plain);
    }

    /** Builds what is missing, makes the cache, the credentials and stages. */
    private void firstStart(int stages) throws IOException, InterruptedException, ExecutionException {
        try (ServerProcess node = ServerProcess.start(command(0));
                LoadClient api = new LoadClient(node.url(), key(node.url()), REGION);
                ExecutorService connections = Executors.newFixedThreadPool(32)) {
            List<Future<?>> asked = new ArrayList<>();
            for (int i = 0; i < stages; i++) {
                asked.add(connections.submit(() -> api.call("CreateStage", Map.of("name", "bench"))));
            }
            for (Future<?> one : asked) {
                one.get();
            }
        }
    }

    private AccessKey key(URI url) {
        var key = CredentialsFile.open(data.resolve("credentials"), REGION, url, new SecureRandom())
                .credentials()
                .getFirst();
        return new AccessKey(key.accessKeyId(), "", key.secretAccessKey(), Optional.empty());
    }

    private List<String> command(int port) {
        return List.of(
                launcher,
                "run",
                "--data",
                data.toString(),
                "--http",
                "127.0.0.1:" + port,
                "--media-port",
                "0",
                "--quota",
                "stages=unlimited");
    }

    private double seconds(Map<String, String> environment) throws IOException, InterruptedException {
        int port = freePort();
        URI url = URI.create("http://127.0.0.1:" + port);
        AccessKey key = key(url);
        try (ApiClient api = new ApiClient(url, REGION, key.id(), key.secret())) {
            ProcessBuilder builder = new ProcessBuilder(command(port))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            long begun = System.nanoTime();
            Process process = builder.start();
            firstAnswer(api);
            double seconds = (System.nanoTime() - begun) / 1e9;
            process.destroy();
            process.waitFor();
            System.err.printf(Locale.ROOT, "%.2f s %s%n", seconds, environment);
            return seconds;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void firstAnswer(ApiClient api) throws InterruptedException {
        while (true) {
            try {
                api.call("ListStages", Map.of());
                return;
            } catch (IOException e) {
                Thread.sleep(3);
            }
        }
    }

    private static void print(String how, double[] seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f s | %.2f–%.2f s |%n",
                Machine.describe(),
                how,
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }
}
