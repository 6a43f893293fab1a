/** What becomes of one publisher's decrypted packets: loss, feedback, key frames, and the tracks that come out. */
@NullMarked
package dev.understudy.media.ingest;

import org.jspecify.annotations.NullMarked;
