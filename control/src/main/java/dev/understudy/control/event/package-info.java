/** What happens to resources, told to receivers as EventBridge tells it: the outbox, and what is due to whom when. */
@NullMarked
package dev.understudy.control.event;

import org.jspecify.annotations.NullMarked;
