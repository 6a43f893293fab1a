/** Participant tokens: made for CreateParticipantToken, checked when somebody joins a stage. */
@NullMarked
package dev.understudy.control.token;

import org.jspecify.annotations.NullMarked;
