/** The tags of every kind of resource. */
@NullMarked
package dev.understudy.control.tag;

import org.jspecify.annotations.NullMarked;
