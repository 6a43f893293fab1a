/** The file with the access key that clients of this node sign with. */
@NullMarked
package dev.understudy.control.credential;

import org.jspecify.annotations.NullMarked;
