@NullMarked
package dev.understudy.control.api;

import org.jspecify.annotations.NullMarked;
