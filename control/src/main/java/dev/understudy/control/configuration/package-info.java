/** Encoder and storage configurations, which compositions and recordings refer to. */
@NullMarked
package dev.understudy.control.configuration;

import org.jspecify.annotations.NullMarked;
