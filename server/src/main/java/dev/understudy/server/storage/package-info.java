/** Buckets: where recordings are kept. */
@NullMarked
package dev.understudy.server.storage;

import org.jspecify.annotations.NullMarked;
