package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.Composition;
import software.amazon.awssdk.services.ivsrealtime.model.CompositionState;
import software.amazon.awssdk.services.ivsrealtime.model.DestinationConfiguration;
import software.amazon.awssdk.services.ivsrealtime.model.GridConfiguration;
import software.amazon.awssdk.services.ivsrealtime.model.Video;

/** A node as its user starts it, with one stage whose compositions are recorded. */
final class RecordedStage implements AutoCloseable {
    static final double FRAMES_PER_SECOND = 30;

    private static final String BUCKET = "recordings";

    private final Path data;
    private final Program node;
    private final URI endpoint;
    private final IvsRealTimeClient ivs;
    private final String stageArn;

    RecordedStage(Path data, String... options) {
        this.data = data;
        this.node = Program.node(data, options);
        this.endpoint = node.awaitReady();
        this.ivs = Clients.realTime(endpoint, data);
        this.stageArn = ivs.createStage(request -> {}).stage().arn();
    }

    URI endpoint() {
        return endpoint;
    }

    String whip() {
        return endpoint + "/whip";
    }

    String token(String userId) {
        return ivs.createParticipantToken(request -> request.stageArn(stageArn).userId(userId))
                .participantToken()
                .token();
    }

    /** Lets the product's own publisher join; the caller closes it. */
    Program publisher(String name) {
        Program publisher = Program.start(
                List.of("publish", "--whip", whip(), "--name", name), Map.of("UNDERSTUDY_TOKEN", token(name)));
        publisher.awaitLine("publishing");
        return publisher;
    }

    /** At 1280×720 and {@link #FRAMES_PER_SECOND}, as a plain grid. */
    Composition record() {
        return record(
                video -> video.width(1280).height(720).framerate((float) FRAMES_PER_SECOND), grid -> grid.gridGap(2));
    }

    Composition record(Consumer<Video.Builder> video, Consumer<GridConfiguration.Builder> grid) {
        String storage = ivs.createStorageConfiguration(request -> request.s3(s3 -> s3.bucketName(BUCKET)))
                .storageConfiguration()
                .arn();
        String encoder = ivs.createEncoderConfiguration(request -> request.video(video))
                .encoderConfiguration()
                .arn();
        return ivs.startComposition(request -> request.stageArn(stageArn)
                        .layout(layout -> layout.grid(grid))
                        .destinations(DestinationConfiguration.builder()
                                .s3(s3 -> s3.storageConfigurationArn(storage).encoderConfigurationArns(encoder))
                                .build()))
                .composition();
    }

    /** Ends the composition and waits until all is written. */
    void stop(Composition composition) {
        ivs.stopComposition(request -> request.arn(composition.arn()));
        assertThat(Await.value(() -> state(composition), CompositionState.STOPPED::equals))
                .isEqualTo(CompositionState.STOPPED);
    }

    private CompositionState state(Composition composition) {
        return ivs.getComposition(request -> request.arn(composition.arn()))
                .composition()
                .state();
    }

    /** As the player page wants it: {@code BUCKET/PREFIX}. */
    static String name(Composition composition) {
        return BUCKET + "/"
                + composition.destinations().getFirst().detail().s3().recordingPrefix();
    }

    /** Where the recording's files are. */
    Path folder(Composition composition) {
        return data.resolve("buckets").resolve(name(composition));
    }

    @Override
    public void close() {
        ivs.close();
        node.close();
    }
}
