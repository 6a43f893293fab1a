/** The pure part of DTLS-SRTP: telling datagrams apart, certificate fingerprints, and splitting exported keys (RFC 5764). */
@NullMarked
package dev.understudy.protocol.dtls;

import org.jspecify.annotations.NullMarked;
