/** HLS playlists (RFC 8216), written and strictly read. */
@NullMarked
package dev.understudy.protocol.hls;

import org.jspecify.annotations.NullMarked;
