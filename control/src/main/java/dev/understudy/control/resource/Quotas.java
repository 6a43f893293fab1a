package dev.understudy.control.resource;

import dev.understudy.control.api.ApiException;

/** How many of each kind an account may have. */
public record Quotas(
        int stages,
        int encoderConfigurations,
        int storageConfigurations,
        int publicKeys,
        int compositions,
        int compositionsPerStage,
        int ingestConfigurations,
        LowLatency lowLatency) {

    /** Those of the low-latency service. */
    public record LowLatency(
            int channels,
            int recordingConfigurations,
            int playbackKeyPairs,
            int playbackRestrictionPolicies,
            int adConfigurations) {}

    /** What the service grants an account that has asked for nothing. */
    public static final Quotas IVS = new Quotas(1_000, 20, 5, 3, 20, 5, 100, new LowLatency(5_000, 20, 3, 20, 20));

    /** Refuses one more than {@code limit}; {@code what} is a plural. */
    public static void check(String what, int present, int limit) {
        if (present >= limit) {
            throw ApiException.quotaExceeded("Quota exceeded: at most " + limit + " " + what);
        }
    }
}
