/** The program: its options, its wiring, its commands. */
@NullMarked
package dev.understudy.server.app;

import org.jspecify.annotations.NullMarked;
