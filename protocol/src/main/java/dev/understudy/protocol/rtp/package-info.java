@NullMarked
package dev.understudy.protocol.rtp;

import org.jspecify.annotations.NullMarked;
