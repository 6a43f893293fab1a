package dev.understudy.control.event;

/** An attempt to deliver an event, and what became of it. */
public record Attempt(Event event, Outcome outcome) {}
