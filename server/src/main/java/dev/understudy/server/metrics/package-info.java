/** What a node counts, as Prometheus reads it. */
@NullMarked
package dev.understudy.server.metrics;

import org.jspecify.annotations.NullMarked;
