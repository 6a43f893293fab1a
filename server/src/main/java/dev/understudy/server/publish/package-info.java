/** The synthetic publisher: a WHIP client that plays a clip in a loop, for demonstrations and for load tests. */
@NullMarked
package dev.understudy.server.publish;

import org.jspecify.annotations.NullMarked;
