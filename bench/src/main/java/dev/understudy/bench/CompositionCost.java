package dev.understudy.bench;

import dev.understudy.server.app.ApiClient;
import dev.understudy.server.app.Config;
import dev.understudy.server.app.DemoStage;
import dev.understudy.server.app.Node;
import dev.understudy.server.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What the demo's composition costs: CPU-seconds of node and worker per second of recording, the publishers apart.
 *
 * <p>Four publishers at 1280×720, 30 frames a second, in processes of their own, loop clips that were encoded before. They
 * are composed into 1280×720 at 30 frames a second, 2.5 Mbit/s, and recorded. Behind it, in the same run,
 * {@link Xstack} does the same to files.
 *
 * <pre>{@code
 * ./mvnw -q -pl bench -am -DskipTests package
 * java --enable-native-access=ALL-UNNAMED -cp 'bench/target/classes:server/target/classes:server/target/lib/*' \
 *     dev.understudy.bench.CompositionCost [SECONDS]
 * }</pre>
 */
public final class CompositionCost {
    private static final int PUBLISHERS = 4;
    private static final int WARM_UP_SECONDS = 10;

    private CompositionCost() {}

    /** Prints one line of Markdown. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        Path data = Files.createTempDirectory("understudy-bench-");
        Config config = Config.defaults(data).onFreePorts();
        try (Node node = Node.start(config);
                ApiClient api = node.client();
                DemoStage stage = DemoStage.set(api, CompositionCost::say)) {
            stage.join(PUBLISHERS);
            DemoStage.Recorded recorded = stage.startComposition();
            Thread.sleep(Duration.ofSeconds(WARM_UP_SECONDS));
            double[] costs = new double[seconds / 10];
            for (int i = 0; i < costs.length; i++) {
                Cpu before = Cpu.now();
                long begun = System.nanoTime();
                Thread.sleep(Duration.ofSeconds(10));
                Cpu spent = Cpu.now().minus(before);
                double wall = (System.nanoTime() - begun) / 1e9;
                costs[i] = spent.total() / wall;
                System.err.printf(
                        Locale.ROOT, "node %.3f, worker %.3f CPU-s a second%n", spent.node / wall, spent.worker / wall);
            }
            stage.stopComposition(recorded);
            Arrays.sort(costs);
            double yardstick = Xstack.cpuPerSecond(data, seconds);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.3f | %.3f–%.3f | %.3f | %.2f |%n",
                    Machine.describe(),
                    costs[costs.length / 2],
                    costs[0],
                    costs[costs.length - 1],
                    yardstick,
                    costs[costs.length / 2] / yardstick);
        }
    }

    private static void say(String line) {
        System.err.println(line);
    }

    /** CPU-seconds of this process and of its workers so far. */
    private record Cpu(double node, double worker) {
        static Cpu now() {
            double workers = ProcessHandle.current()
                    .children()
                    .filter(Cpu::isWorker)
                    .mapToDouble(Cpu::seconds)
                    .sum();
            return new Cpu(seconds(ProcessHandle.current()), workers);
        }

        /** ProcessHandle cuts long command lines off. */
        private static boolean isWorker(ProcessHandle process) {
            try {
                return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                        .contains(WorkerMain.class.getName());
            } catch (IOException e) {
                return false;
            }
        }

        private static double seconds(ProcessHandle process) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
        }

        Cpu minus(Cpu earlier) {
            return new Cpu(node - earlier.node, worker - earlier.worker);
        }

        double total() {
            return node + worker;
        }
    }
}
