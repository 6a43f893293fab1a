package dev.understudy.e2e;

import java.net.URI;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;

/** The AWS SDK for Java as its users set it up, with nothing of ours but the endpoint. */
final class Clients {
    private Clients() {}

    /** Credentials as the node wrote them. */
    static AwsCredentialsProvider credentials(Path data) {
        return ProfileCredentialsProvider.builder()
                .profileFile(ProfileFile.builder()
                        .type(ProfileFile.Type.CREDENTIALS)
                        .content(data.resolve("credentials"))
                        .build())
                .profileName("default")
                .build();
    }

    static IvsRealTimeClient realTime(URI endpoint, AwsCredentialsProvider credentials) {
        return IvsRealTimeClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .build();
    }

    static IvsRealTimeClient realTime(URI endpoint, Path data) {
        return realTime(endpoint, credentials(data));
    }
}
