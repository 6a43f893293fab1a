/** Compositions: what is asked for, where each is in its life, and the port to the media that renders them. */
@NullMarked
package dev.understudy.control.composition;

import org.jspecify.annotations.NullMarked;
