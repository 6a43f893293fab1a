package dev.understudy.control.event;

import java.time.Instant;

/**
 * One event of the outbox.
 *
 * @param seq its place among all events; later ones have greater numbers
 * @param id a UUID, the same in every attempt to deliver it
 * @param resource ARN; the events of one resource are delivered in their order
 * @param envelope JSON as EventBridge hands it on
 */
public record Event(long seq, String id, String resource, Instant happenedAt, String envelope) {}
