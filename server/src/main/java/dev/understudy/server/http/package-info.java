/** The HTTP side of the node: the listener, and the routes of the control API and of health. */
@NullMarked
package dev.understudy.server.http;

import org.jspecify.annotations.NullMarked;
