/** Fragmented MP4 (ISO/IEC 14496-12) as HLS wants it: initialization and media segments, written and read. */
@NullMarked
package dev.understudy.protocol.mp4;

import org.jspecify.annotations.NullMarked;
