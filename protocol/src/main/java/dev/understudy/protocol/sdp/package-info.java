/** Session descriptions: what a publisher offers to send, and what is answered (RFC 8866, 8829, 8839, 8842). */
@NullMarked
package dev.understudy.protocol.sdp;

import org.jspecify.annotations.NullMarked;
