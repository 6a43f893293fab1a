package dev.understudy.server.app;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The demo's stage and all that stands on it, made and taken away again through the control API alone.
 *
 * <p>Confined to the demo's thread.
 */
public final class DemoStage implements AutoCloseable {
    private static final String BUCKET = "understudy-demo";

    private static final List<String> NAMES = List.of(
            "Ada",
            "Grace",
            "Edsger",
            "Barbara",
            "Alan",
            "Margaret",
            "Dennis",
            "Hedy",
            "Tim",
            "Radia",
            "Ken",
            "Frances");
    private static final Duration LONGEST_CHANGE_OF_STATE = Duration.ofSeconds(30);

    /** Where a composition's recording lies. */
    public record Recorded(String compositionArn, String bucket, String prefix) {}

    private final ApiClient api;
    private final Consumer<String> say;
    private final String stageArn;
    private final URI whip;
    private final String encoderArn;
    private final String storageArn;
    private volatile boolean isJoined;
    private final List<PublisherProcess> publishers = new CopyOnWriteArrayList<>();

    private DemoStage(ApiClient api, Consumer<String> say, JsonNode stage, String encoderArn, String storageArn) {
        this.api = api;
        this.say = say;
        this.stageArn = stage.path("arn").asString();
        this.whip = URI.create(stage.path("endpoints").path("whip").asString());
        this.encoderArn = encoderArn;
        this.storageArn = storageArn;
    }

    /** Creates the stage and the two configurations that a recording needs. */
    public static DemoStage set(ApiClient api, Consumer<String> say) throws IOException, InterruptedException {
        JsonNode stage = api.call("CreateStage", Map.of("name", "demo")).path("stage");
        JsonNode encoder = api.call("CreateEncoderConfiguration", Map.of("name", "demo"));
        JsonNode storage =
                api.call("CreateStorageConfiguration", Map.of("name", "demo", "s3", Map.of("bucketName", BUCKET)));
        return new DemoStage(
                api,
                say,
                stage,
                encoder.path("encoderConfiguration").path("arn").asString(),
                storage.path("storageConfiguration").path("arn").asString());
    }

    /** Lets {@code count} publishers join, and waits until the media of all flows. */
    public void join(int count) throws IOException, InterruptedException {
        say.accept("starting " + count + " publishers");
        for (int i = 0; i < count; i++) {
            String name = NAMES.get(i % NAMES.size());
            publishers.add(PublisherProcess.start(name, i, whip, token(name)));
        }
        for (PublisherProcess publisher : publishers) {
            publisher.awaitPublishing();
        }
        isJoined = true;
        say.accept("all publish");
    }

    /** Where one more publisher may join with {@link #token}. */
    public URI whip() {
        return whip;
    }

    public String token(String userId) throws IOException, InterruptedException {
        JsonNode answer = api.call(
                "CreateParticipantToken",
                Map.of("stageArn", stageArn, "userId", userId, "capabilities", List.of("PUBLISH", "SUBSCRIBE")));
        return answer.path("participantToken").path("token").asString();
    }

    /** Ends the wait in {@link #join} on another thread; without effect once all have joined. */
    void abandonStart() {
        if (!isJoined) {
            publishers.forEach(PublisherProcess::close);
        }
    }

    public Recorded startComposition() throws IOException, InterruptedException {
        JsonNode composition = api.call(
                        "StartComposition",
                        Map.of(
                                "stageArn",
                                stageArn,
                                "destinations",
                                List.of(Map.of(
                                        "s3",
                                        Map.of(
                                                "storageConfigurationArn",
                                                storageArn,
                                                "encoderConfigurationArns",
                                                List.of(encoderArn))))))
                .path("composition");
        String arn = composition.path("arn").asString();
        long asked = System.nanoTime();
        await(arn, "ACTIVE");
        say.accept("composition " + arn + " is ACTIVE after " + (System.nanoTime() - asked) / 1_000_000 + " ms");
        JsonNode s3 = composition.path("destinations").path(0).path("detail").path("s3");
        return new Recorded(arn, BUCKET, s3.path("recordingPrefix").asString());
    }

    public void stopComposition(Recorded recorded) throws IOException, InterruptedException {
        api.call("StopComposition", Map.of("arn", recorded.compositionArn()));
        await(recorded.compositionArn(), "STOPPED");
    }

    private void await(String compositionArn, String wanted) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_CHANGE_OF_STATE.toNanos();
        String state = "";
        while (System.nanoTime() < deadline) {
            state = api.call("GetComposition", Map.of("arn", compositionArn))
                    .path("composition")
                    .path("state")
                    .asString();
            if (state.equals(wanted)) {
                return;
            }
            if (state.equals("FAILED")) {
                break;
            }
            Thread.sleep(Duration.ofMillis(20));
        }
        throw new StartException("composition " + compositionArn + " is " + state + " and should be " + wanted);
    }

    /** Lets the publishers leave and deletes what was created, so that the demo can be run any number of times. */
    @Override
    public void close() throws IOException {
        publishers.parallelStream().forEach(PublisherProcess::close);
        try {
            api.call("DeleteStage", Map.of("arn", stageArn));
            api.call("DeleteEncoderConfiguration", Map.of("arn", encoderArn));
            api.call("DeleteStorageConfiguration", Map.of("arn", storageArn));
        } catch (ApiClient.Refused e) {
            say.accept("left behind: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
