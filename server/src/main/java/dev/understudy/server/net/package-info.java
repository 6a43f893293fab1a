/** The sockets of the media plane: loops, DTLS handshakes, and sessions that join them to the machines below. */
@NullMarked
package dev.understudy.server.net;

import org.jspecify.annotations.NullMarked;
