/** A node for the tests of programs that call Amazon IVS: a JUnit extension, and what tests command the node by. */
@NullMarked
package dev.understudy.junit;

import org.jspecify.annotations.NullMarked;
