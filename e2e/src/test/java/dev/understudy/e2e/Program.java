package dev.understudy.e2e;

import dev.understudy.server.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The product as its user runs it: a process with arguments, output and an exit status. Ends with its test. */
final class Program implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private Program(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts {@code understudy} with these arguments; its standard error goes to the test's. */
    static Program start(List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            return new Program(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Program start(String... arguments) {
        return start(List.of(arguments), Map.of());
    }

    /** A node on free ports. */
    static Program node(Path data, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("run", "--data", data.toString(), "--http", "127.0.0.1:0", "--media-port", "0"));
        arguments.addAll(List.of(more));
        return start(arguments, Map.of());
    }

    /** Reads the node's output up to its ready line, and gives the URL in it. */
    URI awaitReady() {
        String ready = awaitLine("ready ");
        return URI.create(ready.substring("ready ".length()).trim());
    }

    /** Reads output up to a line that begins like this; fails when the program ends first. */
    String awaitLine(String beginning) {
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(beginning)) {
                    return line;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("the program ended before it said '" + beginning + "'");
    }

    /** Everything that is left of its output, once it has ended by itself. */
    List<String> awaitEnd(long seconds) throws InterruptedException {
        List<String> lines = out.lines().toList();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the program closed its output and did not end");
        }
        return lines;
    }

    int exitStatus() {
        return process.exitValue();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** SIGTERM, and then waits for its end. */
    int terminate(long seconds) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the program did not end within " + seconds + " s of SIGTERM");
        }
        return process.exitValue();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
