/** The native codecs: the one place that knows FFmpeg. Loaded in workers and clip encoders only, never in a node. */
@NullMarked
package dev.understudy.server.worker.ffmpeg;

import org.jspecify.annotations.NullMarked;
