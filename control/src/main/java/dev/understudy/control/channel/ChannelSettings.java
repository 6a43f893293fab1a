package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import java.util.Optional;

/**
 * How a channel is set up, with every default filled in.
 *
 * @param latencyMode NORMAL or LOW
 * @param type BASIC, STANDARD, ADVANCED_SD or ADVANCED_HD
 * @param authorized whether viewers need a token
 * @param preset {@code ""} unless the type is one of the ADVANCED ones
 * @param containerFormat TS or FRAGMENTED_MP4
 */
record ChannelSettings(
        String latencyMode,
        String type,
        boolean authorized,
        boolean insecureIngest,
        String preset,
        MultitrackInputConfiguration multitrackInputConfiguration,
        String containerFormat) {

    static final ChannelSettings DEFAULT =
            new ChannelSettings("LOW", "STANDARD", false, false, "", MultitrackInputConfiguration.NONE, "TS");

    /**
     * Several tracks from one broadcaster.
     *
     * @param policy ALLOW, REQUIRE or {@code ""}
     * @param maximumResolution SD, HD, FULL_HD or {@code ""}
     */
    public record MultitrackInputConfiguration(boolean enabled, String policy, String maximumResolution) {
        static final MultitrackInputConfiguration NONE = new MultitrackInputConfiguration(false, "", "");

        /** What a request may leave out. */
        public record Asked(boolean enabled, Optional<String> policy, Optional<String> maximumResolution) {}

        static MultitrackInputConfiguration of(Asked asked) {
            return new MultitrackInputConfiguration(
                    asked.enabled(),
                    asked.policy().orElse(""),
                    asked.maximumResolution().orElse(""));
        }
    }

    /** What a request may leave out; what it does stays as it is. */
    record Change(
            Optional<String> latencyMode,
            Optional<String> type,
            Optional<Boolean> authorized,
            Optional<Boolean> insecureIngest,
            Optional<String> preset,
            Optional<MultitrackInputConfiguration.Asked> multitrackInputConfiguration,
            Optional<String> containerFormat) {}

    /** These settings with what is asked for; throws {@link ApiException} when the whole contradicts itself. */
    ChannelSettings changed(Change asked) {
        String newType = asked.type().orElse(type);
        var settings = new ChannelSettings(
                asked.latencyMode().orElse(latencyMode),
                newType,
                asked.authorized().orElse(authorized),
                asked.insecureIngest().orElse(insecureIngest),
                preset(newType, asked.preset()),
                asked.multitrackInputConfiguration()
                        .map(MultitrackInputConfiguration::of)
                        .orElse(multitrackInputConfiguration),
                asked.containerFormat().orElse(containerFormat));
        settings.checkMultitrack();
        return settings;
    }

    private String preset(String newType, Optional<String> asked) {
        if (newType.startsWith("ADVANCED_")) {
            return asked.orElse(preset.isEmpty() ? "HIGHER_BANDWIDTH_DELIVERY" : preset);
        }
        if (asked.isPresent()) {
            throw ApiException.invalid("preset", "must not be set unless type is ADVANCED_SD or ADVANCED_HD");
        }
        return "";
    }

    private void checkMultitrack() {
        MultitrackInputConfiguration multitrack = multitrackInputConfiguration;
        if (!multitrack.enabled()) {
            return;
        }
        check(type.equals("STANDARD"), "type", "must be STANDARD");
        check(containerFormat.equals("FRAGMENTED_MP4"), "containerFormat", "must be FRAGMENTED_MP4");
        check(!multitrack.policy().isEmpty(), "multitrackInputConfiguration.policy", "must be set");
        check(
                !multitrack.maximumResolution().isEmpty(),
                "multitrackInputConfiguration.maximumResolution",
                "must be set");
    }

    private static void check(boolean holds, String member, String constraint) {
        if (!holds) {
            throw ApiException.invalid(member, constraint + " when multitrack input is enabled");
        }
    }
}
