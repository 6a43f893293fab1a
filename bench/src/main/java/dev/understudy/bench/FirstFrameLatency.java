package dev.understudy.bench;

import dev.understudy.server.app.ApiClient;
import dev.understudy.server.app.Config;
import dev.understudy.server.app.DemoStage;
import dev.understudy.server.app.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a publisher waits to be seen: from its WHIP POST to the first composed picture that shows it.
 *
 * <p>Budget: 2 s, median of 5. A composition of 1280×720 at 30 pictures a second runs and shows one publisher, who is a
 * process of its own. Another joins, stays, leaves, five times over. The moment of its first picture is read from the
 * recording, decoded by ffmpeg: PROGRAM-DATE-TIME and the picture's number. So it holds HTTP, ICE, DTLS, the key frame
 * that was asked for and the playout delay of 250 ms, and not what a player adds.
 *
 * <p>The newcomer is synthetic, of 1280×720 at 30 a second, encoded beforehand, in the node's process; its count begins
 * before it has made its certificate. With {@code chromium} it is that browser with its fake camera, granted beforehand,
 * which gathers and posts as {@code newcomer.html} says.
 *
 * <pre>{@code
 * ./mvnw -q -pl bench -am -DskipTests package
 * nice -n -10 java --enable-native-access=ALL-UNNAMED \
 *     -cp 'bench/target/classes:server/target/classes:server/target/lib/*' \
 *     dev.understudy.bench.FirstFrameLatency [synthetic|chromium]
 * }</pre>
 */
public final class FirstFrameLatency {
    private static final int JOINS = 5;

    /** More than a newcomer needs, so that its picture stands still in the recording long before it leaves. */
    private static final Duration STAY = Duration.ofSeconds(5);

    private static final Duration ABSENCE = Duration.ofSeconds(3);

    /** Who joins and leaves the stage over and over. */
    interface Newcomer extends AutoCloseable {
        /** Publishes; gives the moment of the POST. */
        Instant join(String token) throws IOException, InterruptedException;

        void leave() throws InterruptedException;

        @Override
        void close() throws IOException;
    }

    private FirstFrameLatency() {}

    /** Prints one line of Markdown. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String kind = arguments.length > 0 ? arguments[0] : "synthetic";
        Path data = Files.createTempDirectory("understudy-bench-");
        try (Node node = Node.start(Config.defaults(data).onFreePorts());
                ApiClient api = node.client();
                DemoStage stage = DemoStage.set(api, FirstFrameLatency::say);
                Newcomer newcomer = newcomer(kind, stage)) {
            stage.join(1);
            DemoStage.Recorded recorded = stage.startComposition();
            Thread.sleep(ABSENCE);
            List<Instant> posts = posts(newcomer, stage);
            stage.stopComposition(recorded);
            Path recording = node.bucketFolder(recorded.bucket()).resolve(recorded.prefix());
            print(kind, latencies(ComposedPictures.decode(recording), posts));
        }
    }

    private static void say(String line) {
        System.err.println(line);
    }

    private static Newcomer newcomer(String kind, DemoStage stage) throws IOException {
        return switch (kind) {
            case "synthetic" -> new SyntheticNewcomer(stage.whip());
            case "chromium" -> new ChromiumNewcomer(stage.whip());
            default -> throw new IllegalArgumentException("newcomer '" + kind + "' is neither synthetic nor chromium");
        };
    }

    private static List<Instant> posts(Newcomer newcomer, DemoStage stage) throws IOException, InterruptedException {
        List<Instant> posts = new ArrayList<>();
        for (int i = 0; i < JOINS; i++) {
            posts.add(newcomer.join(stage.token("newcomer")));
            Thread.sleep(STAY);
            newcomer.leave();
            Thread.sleep(ABSENCE);
        }
        return posts;
    }

    private static double[] latencies(ComposedPictures pictures, List<Instant> posts) {
        return posts.stream()
                .map(post -> Duration.between(post, pictures.firstLike(post.plus(STAY.dividedBy(2)), post)))
                .mapToDouble(latency -> latency.toNanos() / 1e9)
                .peek(seconds -> System.err.printf(Locale.ROOT, "%.3f s%n", seconds))
                .sorted()
                .toArray();
    }

    private static void print(String kind, double[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f s | %.2f–%.2f s |%n",
                Machine.describe(),
                kind,
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }
}
