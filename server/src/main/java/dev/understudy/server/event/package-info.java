/** Delivers events: to webhooks, to event buses, and as a live stream. What is due when, the control side decides. */
@NullMarked
package dev.understudy.server.event;

import org.jspecify.annotations.NullMarked;
