/** RTCP: reports and feedback as values, to and from bytes (RFC 3550, 4585, 5104, 5506, transport-wide feedback). */
@NullMarked
package dev.understudy.protocol.rtcp;

import org.jspecify.annotations.NullMarked;
