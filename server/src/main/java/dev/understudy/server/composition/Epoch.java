package dev.understudy.server.composition;

import java.time.Instant;

/**
 * When tick 0 of a composition is due, on both clocks.
 *
 * @param nanos of the node's monotonic clock
 * @param at the same moment on the wall
 */
record Epoch(long nanos, Instant at) {}
