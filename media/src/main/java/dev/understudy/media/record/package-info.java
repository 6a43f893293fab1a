@NullMarked
package dev.understudy.media.record;

import org.jspecify.annotations.NullMarked;
