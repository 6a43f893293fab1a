package dev.understudy.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the store has acknowledged survives {@code kill -9} of its process. */
@Timeout(60)
class StoreKillTest {
    private static final int ACKNOWLEDGED = 200;

    @TempDir
    private Path directory;

    /** The process to be killed. It creates rows from several threads for ever and prints each once it is acknowledged. */
    static final class Creator {
        private static final int THREADS = 4;

        private Creator() {}

        public static void main(String[] args) {
            Store store = Store.open(Path.of(args[0]));
            for (int i = 0; i < THREADS; i++) {
                String prefix = "t" + i + "-";
                Thread.ofPlatform().start(() -> createForEver(store, prefix));
            }
        }

        private static void createForEver(Store store, String prefix) {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                String arn = prefix + i;
                store.update(
                        h -> h.execute("INSERT INTO stage (arn, name, recording, tags) VALUES (?, '', '', '')", arn));
                System.out.println(arn);
            }
        }
    }

    @Test
    void everyAcknowledgedRowIsThereAfterKillMinusNine() throws Exception {
        Path file = directory.resolve("understudy.db");

        List<String> acknowledged = createAndKill(file);

        try (Store store = Store.open(file)) {
            List<String> present = store.read(h ->
                    h.createQuery("SELECT arn FROM stage").mapTo(String.class).list());
            String integrity = store.read(h ->
                    h.createQuery("PRAGMA integrity_check").mapTo(String.class).one());
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED - 1);
            assertThat(present).containsAll(acknowledged);
            assertThat(integrity).isEqualTo("ok");
        }
    }

    private static List<String> createAndKill(Path file) throws IOException, InterruptedException {
        Process creator = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Creator.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = creator.inputReader(StandardCharsets.UTF_8)) {
            List<String> acknowledged = new ArrayList<>();
            while (acknowledged.size() < ACKNOWLEDGED) {
                acknowledged.add(lines.readLine());
            }
            creator.toHandle().destroyForcibly(); // unlike Process.destroyForcibly, leaves what it has printed readable
            lines.lines().forEach(acknowledged::add);
            // The last line may have been cut in the middle.
            acknowledged.removeLast();
            return acknowledged;
        } finally {
            creator.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
