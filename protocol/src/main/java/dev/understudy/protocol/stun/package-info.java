/** STUN as ICE-lite uses it: connectivity checks in, answers out (RFC 8489, RFC 8445). */
@NullMarked
package dev.understudy.protocol.stun;

import org.jspecify.annotations.NullMarked;
