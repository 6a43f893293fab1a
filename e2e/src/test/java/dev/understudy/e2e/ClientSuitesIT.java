package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.server.app.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Path python = CLIENTS.resolve("python/.venv/bin/python");
        assumeTrue(
                Files.isExecutable(python),
                "boto3 and the AWS CLI are not set up: ./understudy test does it where Python 3 and PyPI can be reached");
        Path report = folder.resolve("python.xml");
        run("python", List.of(python.toString(), "-m", "pytest", "-q", "--tb=short", "--junitxml=" + report));
        return JUnitReport.tests(report);
    }

    @TestFactory
    Stream<DynamicTest> theAwsSdkForJavaScript() throws Exception {
        assumeTrue(
                Files.isDirectory(CLIENTS.resolve("javascript/node_modules/@aws-sdk")),
                "the AWS SDK for JavaScript is not set up: ./understudy test does it where Node.js 20 and npm are there");
        Path report = folder.resolve("javascript.xml");
        run("javascript", List.of("node", "--test", "--test-reporter=junit", "--test-reporter-destination=" + report));
        return JUnitReport.tests(report);
    }

    /** Runs a suite to its end; whether its tests passed, its report tells. */
    private static void run(String suite, List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve(suite + ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(CLIENTS.resolve(suite).toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment()
                .put(
                        "AWS_SHARED_CREDENTIALS_FILE",
                        folder.resolve("data/credentials").toString());
        builder.environment().put("AWS_CONFIG_FILE", folder.resolve("none").toString());
        if (suite.equals("javascript")) { // the only one that does not take these from the credentials file
            builder.environment().put("AWS_REGION", "us-east-1");
            builder.environment().put("AWS_ENDPOINT_URL", url.toString());
        }
        builder.environment().put("UNDERSTUDY_PUBLISH", publisher());
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

    /** A command line that publishes, for those who split it as a shell does. */
    private static String publisher() {
        return "'" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' --enable-native-access=ALL-UNNAMED -cp '" + System.getProperty("java.class.path") + "' "
                + Main.class.getName() + " publish";
    }
}
