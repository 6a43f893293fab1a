package dev.understudy.server.event;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.AllowList;
import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Gate;
import dev.understudy.control.api.NamedResource;

/**
 * Who may watch: events tell of every stage what ListParticipantEvents tells, and of every composition what
 * GetComposition does, so whoever may ask both about all of them. Immutable.
 */
record WatchRights(AllowList allowList) {

    /** Throws an {@link ApiException} of kind ACCESS_DENIED, which names what is missing. */
    void check(AccessKey caller) {
        check(caller, "ListParticipantEvents", "stage");
        check(caller, "GetComposition", "composition");
    }

    private void check(AccessKey caller, String operation, String type) {
        allowList
                .limit(new Gate.Call(operation, caller))
                .ifPresent(permit -> permit.check(new NamedResource.AnyOf(type)));
    }

    /** Whether {@link #check} would let somebody pass. */
    boolean isHeldBy(AccessKey caller) {
        try {
            check(caller);
            return true;
        } catch (ApiException _) {
            return false;
        }
    }
}
