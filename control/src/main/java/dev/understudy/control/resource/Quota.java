package dev.understudy.control.resource;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Something of which there may be only so many, and what IVS grants an account that has asked for nothing. */
public enum Quota {
    STAGES(1_000, "stages"),
    PUBLISHERS_PER_STAGE(12, "publishers on a stage"),
    REPLICATIONS_PER_PARTICIPANT(5, "replications of a participant"),
    PUBLIC_KEYS(3, "public keys"),
    INGEST_CONFIGURATIONS(100, "ingest configurations"),
    ENCODER_CONFIGURATIONS(20, "encoder configurations"),
    STORAGE_CONFIGURATIONS(5, "storage configurations"),
    COMPOSITIONS(20, "compositions"),
    COMPOSITIONS_PER_STAGE(5, "compositions of a stage"),

    // Of the low-latency service. It publishes no number for the last two; they stand in the line of its others.
    CHANNELS(5_000, "channels"),
    RECORDING_CONFIGURATIONS(20, "recording configurations"),
    PLAYBACK_KEY_PAIRS(3, "playback key pairs"),
    PLAYBACK_RESTRICTION_POLICIES(20, "playback restriction policies"),
    AD_CONFIGURATIONS(20, "ad configurations");

    private final int ofIvs;
    private final String plural;

    Quota(int ofIvs, String plural) {
        this.ofIvs = ofIvs;
        this.plural = plural;
    }

    /** The quota that operators call so; empty when none is. */
    public static Optional<Quota> named(String name) {
        return Arrays.stream(values())
                .filter(quota -> quota.operatorName().equals(name))
                .findFirst();
    }

    /** As operators write it: {@code compositions-per-stage}. */
    public String operatorName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is counted, as messages say it: {@code compositions of a stage}. */
    public String plural() {
        return plural;
    }

    int ofIvs() {
        return ofIvs;
    }
}
