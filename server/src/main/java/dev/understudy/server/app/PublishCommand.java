package dev.understudy.server.app;

import dev.understudy.server.publish.Clip;
import dev.understudy.server.publish.PublisherStatistics;
import dev.understudy.server.publish.WhipPublisher;
import dev.understudy.server.worker.ffmpeg.ClipEncoder;
import dev.understudy.server.worker.ffmpeg.ClipSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code understudy publish}: one publisher, until it is told to end.
 *
 * <p>It encodes a few seconds once and loops them, so that a publisher costs little more than its packets.
 */
@Command(
        name = "publish",
        description = {
            "Publishes to a stage by WHIP: a moving pattern with name, clock and tone, or a media file, in a loop.",
            "The token may be given by the environment variable UNDERSTUDY_TOKEN instead of --token, where argument"
                    + " lists can be read by others."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PublishCommand implements Callable<Integer> {
    static final String TOKEN_VARIABLE = "UNDERSTUDY_TOKEN";

    private static final int LOWEST_TONE_HZ = 400;
    private static final int TONE_STEP_HZ = 150;
    private static final int TONES = 16;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);

    @Option(
            names = "--whip",
            paramLabel = "URL",
            required = true,
            description = "Where to publish: the stage's WHIP endpoint.")
    @Nullable
    URI whip;

    @Option(names = "--token", paramLabel = "T", description = "The participant token.")
    @Nullable
    String token;

    @Option(names = "--file", paramLabel = "F", description = "A media file to publish instead of the pattern.")
    @Nullable
    Path file;

    @Option(names = "--name", paramLabel = "NAME", description = "What the pattern shows. Default: publisher")
    String name = "publisher";

    @Option(names = "--pattern", paramLabel = "N", description = "Which colour and tone. Default: 0")
    int pattern;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long to publish. Default: until SIGINT or SIGTERM")
    @Nullable
    Integer seconds;

    @Option(names = "--until-stdin-closes", hidden = true)
    boolean untilStdinCloses;

    @Spec
    @Nullable
    CommandSpec spec;

    private final AtomicBoolean isLeaving = new AtomicBoolean();

    @Override
    public Integer call() throws IOException, InterruptedException {
        URI url = checkedUrl();
        String checkedToken = checkedToken();
        WhipPublisher publisher;
        try {
            publisher = WhipPublisher.start(new WhipPublisher.Options(url, checkedToken, clip()));
        } catch (IOException e) {
            throw new StartException("cannot publish: " + reason(e, url), e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(publisher), "leave"));
        if (!publisher.awaitConnected(CONNECT_LIMIT)) {
            throw new StartException("no connection to " + url + " within " + CONNECT_LIMIT.toSeconds() + " s: is its"
                    + " UDP port reachable?");
        }
        System.out.println(PublisherProcess.PUBLISHING + " " + name);
        if (untilStdinCloses) {
            Thread.ofVirtual().start(() -> endWith(System.in, publisher));
        }
        return awaitEnd(publisher);
    }

    private Integer awaitEnd(WhipPublisher publisher) throws InterruptedException {
        boolean isOver = publisher.awaitEnd(seconds == null ? Duration.ofDays(365) : Duration.ofSeconds(seconds));
        PublisherStatistics sent = publisher.statistics();
        System.out.println("sent " + sent.videoPackets() + " video and " + sent.audioPackets() + " audio packets, "
                + sent.nackedPackets() + " asked for again, " + sent.keyFrameRequests() + " key frames asked for");
        if (isOver && !isLeaving.get()) {
            publisher.endReason().ifPresent(reason -> System.err.println("understudy: the session ended: " + reason));
            return 1;
        }
        publisher.close();
        return 0;
    }

    /** An end that was asked for is nothing to complain about. */
    private void leave(WhipPublisher publisher) {
        isLeaving.set(true);
        publisher.close();
    }

    /** A child must not outlive its parent, and standard input ends with that however it dies. */
    private void endWith(InputStream in, WhipPublisher publisher) {
        try {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // As good as an end.
        }
        leave(publisher);
        System.exit(0);
    }

    private static String reason(IOException e, URI url) {
        if (e instanceof ConnectException) {
            return "nothing answers at " + url;
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private Clip clip() throws IOException {
        ClipSettings settings = ClipSettings.hd(name, pattern, toneHz());
        return file == null ? ClipEncoder.encode(settings) : ClipEncoder.encodeFile(file, settings);
    }

    /** A tone of its own for each pattern, no two of which are close. */
    private int toneHz() {
        return LOWEST_TONE_HZ + TONE_STEP_HZ * Math.floorMod(pattern, TONES);
    }

    private URI checkedUrl() {
        if (whip == null
                || whip.getHost() == null
                || !String.valueOf(whip.getScheme()).startsWith("http")) {
            throw wrong("--whip: '" + whip + "' is not an http or https URL");
        }
        if (file != null && !Files.isReadable(file)) {
            throw wrong("--file: " + file + " cannot be read");
        }
        if (seconds != null && seconds < 1) {
            throw wrong("--seconds: '" + seconds + "' is not 1 or more");
        }
        return whip;
    }

    private String checkedToken() {
        String given = token == null ? System.getenv(TOKEN_VARIABLE) : token;
        if (given == null || given.isBlank()) {
            throw wrong("a participant token is needed: --token, or the environment variable " + TOKEN_VARIABLE);
        }
        return given;
    }

    private RuntimeException wrong(String message) {
        return spec == null
                ? new IllegalArgumentException(message)
                : new ParameterException(spec.commandLine(), message);
    }
}
