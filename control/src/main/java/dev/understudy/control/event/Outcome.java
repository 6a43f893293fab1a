package dev.understudy.control.event;

/** What became of one attempt to deliver one event; {@code why} is for the operator and names no secret. */
public sealed interface Outcome {

    /** For the operator; empty when there is nothing to explain. */
    String why();

    /** The receiver has it. */
    record Delivered() implements Outcome {
        @Override
        public String why() {
            return "";
        }
    }

    /** The receiver could not take this event just now. */
    record Failed(String why) implements Outcome {}

    /** The receiver does not want this event, and will hardly want it later. */
    record Refused(String why) implements Outcome {}

    /** There is no receiver just now, or it wants to be left alone: no other event would fare better. */
    record Unreachable(String why) implements Outcome {}
}
