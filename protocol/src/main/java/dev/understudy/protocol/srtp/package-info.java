/** SRTP and SRTCP: packets are encrypted, authenticated and guarded against replay in place (RFC 3711, RFC 7714). */
@NullMarked
package dev.understudy.protocol.srtp;

import org.jspecify.annotations.NullMarked;
