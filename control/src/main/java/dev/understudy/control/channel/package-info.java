/** The low-latency service's resources: channels, their stream keys and streams, and the configurations that they refer to. */
@NullMarked
package dev.understudy.control.channel;

import org.jspecify.annotations.NullMarked;
