package dev.understudy.control.api;

import java.util.Optional;

/** Which caller may call what, and on which resources. Thread-safe. */
public interface AllowList {

    /** Everybody may do everything. */
    AllowList OPEN = _ -> Optional.empty();

    /** What one call may name. */
    interface Permit {

        /** Throws an {@link ApiException} of kind ACCESS_DENIED for a resource that the caller has no right to. */
        void check(NamedResource resource);
    }

    /**
     * What a call may name; empty when it may name anything. An {@link ApiException} when its caller may not call the
     * operation at all.
     */
    Optional<Permit> limit(Gate.Call call);
}
