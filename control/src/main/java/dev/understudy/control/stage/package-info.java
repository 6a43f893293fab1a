/** Stages, their sessions and who takes part in them. */
@NullMarked
package dev.understudy.control.stage;

import org.jspecify.annotations.NullMarked;
