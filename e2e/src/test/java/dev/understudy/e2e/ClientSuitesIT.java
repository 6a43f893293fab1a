package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.server.app.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of AWS in other languages against one node: the suites in {@code e2e/clients}, each run by its own language's
 * test runner. {@code ./understudy test} sets their environments up; where it could not, they are skipped by name.
 */
class ClientSuitesIT {
    private static final Path CLIENTS = Path.of("clients").toAbsolutePath();
    private static final long LIMIT_MINUTES = 5;

    @TempDir
    static Path folder;

    private static Program node;
    private static URI url;

    @BeforeAll
    static void startNode() {
        node = Program.node(folder.resolve("data"));
        url = node.awaitReady();
    }

    @AfterAll
    static void endNode() {
        node.close();
    }

    @TestFactory
    Stream<DynamicTest> boto3AndTheAwsCli() throws Exception {
        return pytest(CLIENTS.resolve("python"));
    }

    /** It starts nodes of its own. */
    @TestFactory
    Stream<DynamicTest> thePluginOfPytest() throws Exception {
        return pytest(CLIENTS.resolve("../../python").normalize());
    }

    private static Stream<DynamicTest> pytest(Path suite) throws Exception {
        Path python = CLIENTS.resolve("python/.venv/bin/python");
        assumeTrue(
                Files.isExecutable(python),
                "boto3 and the AWS CLI are not set up: ./understudy test does it where Python 3 and PyPI can be reached");
        Path report = Files.createTempFile(folder, "python", ".xml");
        run(
                suite,
                List.of(
                        python.toString(),
                        "-m",
                        "pytest",
                        "-q",
                        "--tb=short",
                        "-p",
                        "no:cacheprovider",
                        "--junitxml=" + report));
        return JUnitReport.tests(report);
    }

    @TestFactory
    Stream<DynamicTest> theAwsSdkForJavaScript() throws Exception {
        assumeTrue(
                Files.isDirectory(CLIENTS.resolve("javascript/node_modules/@aws-sdk")),
                "the AWS SDK for JavaScript is not set up: ./understudy test does it where Node.js 20 and npm are there");
        Path report = folder.resolve("javascript.xml");
        run(
                CLIENTS.resolve("javascript"),
                List.of("node", "--test", "--test-reporter=junit", "--test-reporter-destination=" + report));
        return JUnitReport.tests(report);
    }

    /** Runs a suite to its end; whether its tests passed, its report tells. */
    private static void run(Path suite, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(suite.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        setUp(builder.environment());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES))
                    .as("%s ended within %d minutes: %s", command, LIMIT_MINUTES, Files.readString(output))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        System.out.println(Files.readString(output));
    }

    /** Python's SDK finds everything in the credentials file; JavaScript's takes region and address from the rest. */
    private static void setUp(Map<String, String> environment) throws IOException {
        environment.keySet().removeIf(name -> name.startsWith("AWS_"));
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE",
                folder.resolve("data/credentials").toString());
        environment.put("AWS_CONFIG_FILE", folder.resolve("none").toString());
        environment.put("UNDERSTUDY_COMMAND", launcher().toString());
        environment.put("UNDERSTUDY_PUBLISH", "'" + launcher() + "' publish");
        environment.put("NODE_REGION", "us-east-1");
        environment.put("NODE_ENDPOINT_URL", url.toString());
    }

    /** Stands in for {@code ./understudy} with the classes that are tested here. */
    private static Path launcher() throws IOException {
        Path launcher = folder.resolve("understudy");
        if (Files.notExists(launcher)) {
            Files.writeString(
                    launcher,
                    "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                            + "' --enable-native-access=ALL-UNNAMED -cp '" + System.getProperty("java.class.path")
                            + "' " + Main.class.getName() + " \"$@\"\n");
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        }
        return launcher;
    }
}
