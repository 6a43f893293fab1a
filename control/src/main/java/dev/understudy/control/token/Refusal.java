package dev.understudy.control.token;

/** Ends the check of a token at its first fault. Never leaves this package. */
final class Refusal extends RuntimeException {
    private final Verdict.Reason reason;
    private final String text;

    Refusal(Verdict.Reason reason, String text) {
        super(text, null, false, false);
        this.reason = reason;
        this.text = text;
    }

    static Refusal claim(String name, String rule) {
        return new Refusal(Verdict.Reason.INVALID_CLAIM, "claim " + name + " must " + rule);
    }

    Verdict verdict() {
        return new Verdict.Refused(reason, text);
    }
}
