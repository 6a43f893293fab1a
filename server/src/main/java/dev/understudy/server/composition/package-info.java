/** Compositions while they live: publishers' packets to a worker, its frames into the recording, and what happens when either ends. */
@NullMarked
package dev.understudy.server.composition;

import org.jspecify.annotations.NullMarked;
