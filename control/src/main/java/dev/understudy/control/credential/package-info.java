/** The files that say which access keys clients sign with, and what each of them may do. */
@NullMarked
package dev.understudy.control.credential;

import org.jspecify.annotations.NullMarked;
