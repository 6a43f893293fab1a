package dev.understudy.server.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A synthetic publisher in a JVM of its own: {@code understudy publish} as a child.
 *
 * <p>The token goes through the environment, because argument lists are for everybody to read. The child ends when its
 * standard input does, so it cannot outlive its parent, however that dies.
 */
final class PublisherProcess implements AutoCloseable {
    /** What {@link PublishCommand} prints once media flows. */
    static final String PUBLISHING = "publishing";

    private static final long LEAVE_SECONDS = 3;

    private final String name;
    private final Process process;
    private final BufferedReader out;

    private PublisherProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts one; {@code index} chooses its colour and tone. */
    static PublisherProcess start(String name, int index, URI whip, String token) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "publish",
                "--whip",
                whip.toString(),
                "--name",
                name,
                "--pattern",
                Integer.toString(index),
                "--until-stdin-closes");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put(PublishCommand.TOKEN_VARIABLE, token);
        return new PublisherProcess(name, builder.start());
    }

    /** Blocks until the publisher's media flows; throws when it ended instead, having said why on its standard error. */
    void awaitPublishing() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(PUBLISHING)) {
                Thread.ofVirtual().name("drain-" + name).start(this::drain);
                return;
            }
        }
        throw new StartException("publisher " + name + " ended before it published");
    }

    private void drain() {
        try {
            out.transferTo(java.io.Writer.nullWriter());
        } catch (IOException e) {
            // The child has ended; there is nothing left to read.
        }
    }

    /** Asks it to leave the stage, and waits for that. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LEAVE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
