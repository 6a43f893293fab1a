/** What a node and its worker say to each other, and how it is written down. */
@NullMarked
package dev.understudy.media.link;

import org.jspecify.annotations.NullMarked;
