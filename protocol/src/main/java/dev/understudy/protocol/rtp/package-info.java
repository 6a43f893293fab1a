/** RTP: the packet, its numbers that wrap, retransmission, and H.264 in and out of it (RFC 3550, 4588, 6184, 8285). */
@NullMarked
package dev.understudy.protocol.rtp;

import org.jspecify.annotations.NullMarked;
