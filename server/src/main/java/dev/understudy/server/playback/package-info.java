/** Recordings in a browser: the bare player page and the files it plays. */
@NullMarked
package dev.understudy.server.playback;

import org.jspecify.annotations.NullMarked;
