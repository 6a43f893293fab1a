package dev.understudy.control.event;

import java.util.regex.Pattern;

/** What became of one attempt to deliver one event; {@code why} is for the operator and names no secret. */
public sealed interface Outcome {
    /** It is in the log, and in the database with every event that was parked. */
    int MAX_WHY_CHARS = 500;

    Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

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
    record Failed(String why) implements Outcome {
        public Failed {
            why = shown(why);
        }
    }

    /** The receiver does not want this event, and will hardly want it later. */
    record Refused(String why) implements Outcome {
        public Refused {
            why = shown(why);
        }
    }

    /** There is no receiver just now, or it wants to be left alone: no other event would fare better. */
    record Unreachable(String why) implements Outcome {
        public Unreachable {
            why = shown(why);
        }
    }

    /** On one line and of bounded length: some of it is a stranger's text. */
    private static String shown(String why) {
        String line = CONTROLS.matcher(why).replaceAll(" ");
        return line.length() <= MAX_WHY_CHARS ? line : line.substring(0, MAX_WHY_CHARS - 1) + "…";
    }
}
