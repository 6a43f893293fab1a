/** The AWS rest-json API as data: routing, signatures, shapes and errors of both services, without a socket. */
@NullMarked
package dev.understudy.control.api;

import org.jspecify.annotations.NullMarked;
