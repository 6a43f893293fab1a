package dev.understudy.control.api;

/** A condition on calls that is no part of the model, such as a rate. Thread-safe. */
public interface Gate {

    /**
     * One call on its way to its handler.
     *
     * @param operation as in {@code CreateStage}
     * @param caller whose signature the call carries
     */
    record Call(String operation, AccessKey caller) {}

    /** Lets every call pass. */
    Gate OPEN = _ -> {};

    /** Throws an {@link ApiException} to refuse the call. */
    void check(Call call);

    /** This gate, and behind it another, which does not see what this one refuses. */
    default Gate then(Gate next) {
        return call -> {
            check(call);
            next.check(call);
        };
    }
}
