/** Workers: the processes that hold the native codecs, and the node's side of starting, feeding and ending them. */
@NullMarked
package dev.understudy.server.worker;

import org.jspecify.annotations.NullMarked;
