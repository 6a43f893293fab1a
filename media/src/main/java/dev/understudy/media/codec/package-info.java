/** What a codec is to the rest: interfaces that native code implements, pictures, and facts about bitstreams. */
@NullMarked
package dev.understudy.media.codec;

import org.jspecify.annotations.NullMarked;
