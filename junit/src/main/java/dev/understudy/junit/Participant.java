package dev.understudy.junit;

/** A simulated participant of a stage, by the ids that the API knows them by. */
public record Participant(String stageArn, String sessionId, String participantId) {}
