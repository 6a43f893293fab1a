package dev.understudy.bench;

import dev.understudy.control.credential.CredentialsFile;
import dev.understudy.server.app.ApiClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a user waits after {@code ./understudy run}: from the launcher's start to the first answered call, with the
 * start cache and without.
 *
 * <p>Budget: 1.5 s with it, 3 s without. The launcher, a built checkout and a data folder that exists are part of what is
 * measured; building and making the cache are not. Both are measured in turn.
 *
 * <pre>{@code
 * java -cp 'bench/target/classes:server/target/classes:server/target/lib/*' \
 *     dev.understudy.bench.StartToFirstCall ./understudy
 * }</pre>
 */
public final class StartToFirstCall {
    private static final int STARTS = 11;
    private static final String REGION = "us-east-1";

    private final String launcher;
    private final Path data;

    private StartToFirstCall(String launcher, Path data) {
        this.launcher = launcher;
        this.data = data;
    }

    /** Prints a row of a Markdown table for each way of starting. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("understudy-bench-");
        var bench = new StartToFirstCall(arguments[0], folder.resolve("data"));
        bench.firstStart();
        double[] cached = new double[STARTS];
        double[] plain = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            cached[i] = bench.seconds(Map.of());
            plain[i] = bench.seconds(Map.of("UNDERSTUDY_JAVA_OPTS", "-XX:AOTMode=off"));
        }
        print("with the start cache", cached);
        print("without", plain);
    }

    /** Builds what is missing, makes the cache and the credentials. */
    private void firstStart() throws IOException {
        ServerProcess.start(command(0)).close();
    }

    private List<String> command(int port) {
        return List.of(launcher, "run", "--data", data.toString(), "--http", "127.0.0.1:" + port, "--media-port", "0");
    }

    private double seconds(Map<String, String> environment) throws IOException, InterruptedException {
        int port = freePort();
        URI url = URI.create("http://127.0.0.1:" + port);
        var key = CredentialsFile.open(data.resolve("credentials"), REGION, url, new SecureRandom())
                .credentials()
                .getFirst();
        try (ApiClient api = new ApiClient(url, REGION, key.accessKeyId(), key.secretAccessKey())) {
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
