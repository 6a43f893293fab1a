/** Quantities with their units in the type. */
@NullMarked
package dev.understudy.protocol.units;

import org.jspecify.annotations.NullMarked;
