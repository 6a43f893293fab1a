/** Recordings as Amazon IVS lays them out: encoded frames in, files out; and the check of a finished one. */
@NullMarked
package dev.understudy.media.record;

import org.jspecify.annotations.NullMarked;
