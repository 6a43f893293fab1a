/** How publishers become one picture and one sound: layout, clocks, mixing, the fixed tick. */
@NullMarked
package dev.understudy.media.compose;

import org.jspecify.annotations.NullMarked;
