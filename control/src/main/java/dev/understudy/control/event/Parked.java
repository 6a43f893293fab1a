package dev.understudy.control.event;

import java.time.Instant;

/**
 * An event that a sink was given up on for.
 *
 * @param reason what its receiver said last
 * @param envelope JSON as it was to be delivered
 */
public record Parked(String eventId, String reason, Instant parkedAt, String envelope) {}
