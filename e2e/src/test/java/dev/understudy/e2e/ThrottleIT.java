package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivs.IvsClient;
import software.amazon.awssdk.services.ivs.model.ChannelNotBroadcastingException;
import software.amazon.awssdk.services.ivs.model.ThrottlingException;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;

/** A node that takes no more calls a second than IVS, and what the AWS SDK for Java makes of it. */
class ThrottleIT {
    /** The SDK calls a node of this machine far more often than five times a second. */
    private static final int MORE_THAN_FIT_IN_A_SECOND = 1_000;

    @TempDir
    static Path data;

    private static Program node;
    private static URI endpoint;

    @BeforeAll
    static void start() {
        node = Program.node(data, "--throttle");
        endpoint = node.awaitReady();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static ClientOverrideConfiguration attempts(int most) {
        return ClientOverrideConfiguration.builder()
                .retryStrategy(strategy -> strategy.maxAttempts(most))
                .build();
    }

    private static IvsRealTimeClient realTime(int attempts) {
        return IvsRealTimeClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(Clients.credentials(data))
                .overrideConfiguration(attempts(attempts))
                .build();
    }

    private static void callOften(Runnable call) {
        for (int i = 0; i < MORE_THAN_FIT_IN_A_SECOND; i++) {
            call.run();
        }
    }

    @Test
    void aClientWithoutRetriesSeesThatItIsThrottled() {
        try (IvsRealTimeClient ivs = realTime(1)) {
            IvsRealTimeException refusal = catchThrowableOfType(
                    IvsRealTimeException.class, () -> callOften(() -> ivs.listPublicKeys(request -> {})));

            assertThat(refusal.isThrottlingException()).isTrue();
            assertThat(refusal.statusCode()).isEqualTo(429);
            assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("ThrottlingException");
            assertThat(refusal.awsErrorDetails().errorMessage()).isEqualTo("Rate exceeded");
        }
    }

    @Test
    void theExceptionIsTypedWhereTheModelHasIt() {
        try (IvsClient ivs = IvsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(Clients.credentials(data))
                .overrideConfiguration(attempts(1))
                .build()) {
            String channel = ivs.createChannel(request -> {}).channel().arn();

            assertThat(catchThrowableOfType(
                            ThrottlingException.class, () -> callOften(() -> putMetadataOffline(ivs, channel))))
                    .isNotNull();
        }
    }

    private static void putMetadataOffline(IvsClient ivs, String channel) {
        try {
            ivs.putMetadata(request -> request.channelArn(channel).metadata("m"));
            throw new AssertionError("nothing broadcasts to the channel");
        } catch (ChannelNotBroadcastingException _) {
            // What the call is answered while it is not throttled.
        }
    }

    @Test
    void retriesGetThrough() {
        try (IvsRealTimeClient ivs = realTime(20)) {
            for (int i = 0; i < 8; i++) {
                assertThat(ivs.listStages(request -> {}).sdkHttpResponse().isSuccessful())
                        .isTrue();
            }
        }
    }
}
