/** Where each publisher stands in the picture: pure functions from counts and sizes to rectangles. */
@NullMarked
package dev.understudy.media.layout;

import org.jspecify.annotations.NullMarked;
