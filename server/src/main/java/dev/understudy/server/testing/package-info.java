/** What tests command a node by, where its operator lets them: time, faults, simulated participants. */
@NullMarked
package dev.understudy.server.testing;

import org.jspecify.annotations.NullMarked;
