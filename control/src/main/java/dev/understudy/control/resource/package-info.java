/** What all resources share: names, ids, quotas and where this node's endpoints are. */
@NullMarked
package dev.understudy.control.resource;

import org.jspecify.annotations.NullMarked;
