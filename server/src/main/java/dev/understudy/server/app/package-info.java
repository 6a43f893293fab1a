@NullMarked
package dev.understudy.server.app;

import org.jspecify.annotations.NullMarked;
