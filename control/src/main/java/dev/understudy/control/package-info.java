/** What the customer asked for: the operations of the control API, put together. */
@NullMarked
package dev.understudy.control;

import org.jspecify.annotations.NullMarked;
