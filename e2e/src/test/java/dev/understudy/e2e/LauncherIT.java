package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher: what it keeps so that the next start is faster, and who builds where several start at once. */
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

    /** In place of a build, Maven waits for a line and then restores what a build would make. */
    @ParameterizedTest(name = "with flock: {0}")
    @ValueSource(booleans = {true, false})
    void ofTwoThatFindNothingBuiltOneBuildsAndTheOtherWaits(boolean hasFlock) throws Exception {
        Files.delete(checkout.resolve("server/target/built"));
        script("mvnw", """
                #!/bin/sh
                echo built >>'%s'
                read -r _
                ln -s '%s' server/target/lib
                """.formatted(folder.resolve("builds"), ROOT.resolve("server/target/lib")));
        String path = hasFlock ? System.getenv("PATH") : pathWithoutFlock();

        Process first = help(path);
        assertThat(first.errorReader().readLine()).isEqualTo("understudy: building (about a minute the first time) …");
        Process second = help(path);
        assertThat(second.errorReader().readLine())
                .startsWith("understudy: another ./understudy is building here; waiting for it …");
        first.outputWriter().append('\n').flush();

        assertThat(List.of(first.waitFor(), second.waitFor())).containsExactly(0, 0);
        assertThat(first.errorReader().readAllLines()).isEmpty();
        assertThat(second.errorReader().readAllLines()).isEmpty();
        assertThat(Files.readAllLines(folder.resolve("builds"))).containsExactly("built");
        assertThat(checkout.resolve("server/target/building.folder")).doesNotExist();
    }

    @ParameterizedTest(name = "with flock: {0}")
    @ValueSource(booleans = {true, false})
    void aBuildThatFailsKeepsNobodyFromTheNext(boolean hasFlock) throws Exception {
        Files.delete(checkout.resolve("server/target/built"));
        script("mvnw", "#!/bin/sh\necho no compiler today\nexit 1\n");
        String path = hasFlock ? System.getenv("PATH") : pathWithoutFlock();

        for (int time = 0; time < 2; time++) {
            Process failing = help(path);
            assertThat(failing.errorReader().readAllLines())
                    .containsExactly(
                            "understudy: building (about a minute the first time) …",
                            "no compiler today",
                            "understudy: the build did not pass; its output is above");
            assertThat(failing.waitFor()).isEqualTo(1);
        }
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(checkout.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** A folder with every program of this machine but one. */
    private String pathWithoutFlock() throws IOException {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String place : List.of("/usr/bin", "/bin")) {
            try (Stream<Path> files = Files.list(Path.of(place))) {
                for (Path program : files.toList()) {
                    Path link = programs.resolve(program.getFileName());
                    if (!link.endsWith("flock") && Files.notExists(link, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, program);
                    }
                }
            }
        }
        return programs.toString();
    }

    private Process help(String path) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(checkout.resolve("understudy").toString(), "--help");
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PATH", path);
        builder.environment().remove("UNDERSTUDY_MVN_OPTS");
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
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
