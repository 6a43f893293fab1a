package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, in a checkout that is built already: what it keeps so that the next start is faster. */
class LauncherIT {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final String MAKING = "understudy: making the start cache (some seconds, once after each build) …";

    @TempDir
    Path folder;

    private Path checkout;
    private Path caches;

    @BeforeEach
    void checkOut() throws IOException {
        checkout = Files.createDirectory(folder.resolve("check out"));
        caches = folder.resolve("cache/understudy");
        copy(ROOT.resolve("understudy"), checkout.resolve("understudy"));
        for (String module : List.of("protocol", "media", "control", "server")) {
            Files.createDirectories(checkout.resolve(module).resolve("src/main"));
            Files.createFile(checkout.resolve(module).resolve("pom.xml"));
        }
        Files.createFile(checkout.resolve("pom.xml"));
        Path target = checkout.resolve("server/target");
        Files.createDirectories(target);
        for (Path jar : jars(ROOT.resolve("server/target"))) {
            copy(jar, target.resolve(jar.getFileName()));
        }
        Files.createSymbolicLink(target.resolve("lib"), ROOT.resolve("server/target/lib"));
        Files.createFile(target.resolve("built"));
    }

    @Test
    void aNodeThatRunsTheFirstTimeLeavesACacheForTheNext() throws Exception {
        assertThat(runUntilReady()).containsExactly(MAKING);
        Path cache = onlyCache();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(caches)))
                .isEqualTo("rwx------");

        assertThat(runUntilReady()).isEmpty();
        assertThat(onlyCache()).isEqualTo(cache);

        Path jar = jars(checkout.resolve("server/target")).getFirst();
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(runUntilReady()).containsExactly(MAKING);
        assertThat(onlyCache()).isNotEqualTo(cache);
    }

    @Test
    void aCacheThatIsNoneIsPassedOver() throws Exception {
        assertThat(runUntilReady()).containsExactly(MAKING);
        Files.writeString(onlyCache(), "not a cache");

        assertThat(runUntilReady()).isEmpty();
    }

    @Test
    void withNoPlaceForACacheANodeRunsAllTheSame() throws Exception {
        Files.writeString(folder.resolve("cache"), "a file where the folder should be");

        assertThat(runUntilReady()).isEmpty();
    }

    /** What a node wrote to its standard error before it was ready; it has ended when this returns. */
    private List<String> runUntilReady() throws Exception {
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(
                        checkout.resolve("understudy").toString(),
                        "run",
                        "--data",
                        folder.resolve("data").toString(),
                        "--http",
                        "127.0.0.1:0",
                        "--media-port",
                        "0")
                .redirectError(errors.toFile());
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment().remove("UNDERSTUDY_MVN_OPTS");
        Process process = builder.start();
        try (var out = process.inputReader()) {
            String line = out.readLine();
            while (line != null && !line.startsWith("ready ")) {
                line = out.readLine();
            }
            assertThat(line).as("errors: %s", Files.readString(errors)).isNotNull();
        } finally {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        return Files.readAllLines(errors);
    }

    private Path onlyCache() throws IOException {
        try (Stream<Path> files = Files.list(caches)) {
            List<Path> all = files.toList();
            assertThat(all).singleElement().asString().endsWith(".aot");
            return all.getFirst();
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        }
        return jars;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
