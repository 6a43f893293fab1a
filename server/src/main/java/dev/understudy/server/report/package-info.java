/** How the media side tells the control side what has happened, without ever waiting for the store. */
@NullMarked
package dev.understudy.server.report;

import org.jspecify.annotations.NullMarked;
