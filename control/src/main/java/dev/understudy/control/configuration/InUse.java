package dev.understudy.control.configuration;

import dev.understudy.control.api.ApiException;
import org.jdbi.v3.core.Handle;

/** Keeps a configuration from being deleted under a composition that has not ended. */
final class InUse {
    private InUse() {}

    /** Looks through the compositions that live, which are few, and not through the destinations of all that ever were. */
    static void check(Handle handle, String column, String arn) {
        boolean isUsed = handle.createQuery("""
                        SELECT COUNT(*) FROM composition CROSS JOIN destination ON destination.composition_seq = composition.seq
                        WHERE composition.state IN ('STARTING', 'ACTIVE', 'STOPPING') AND\s""" + column + " = ?")
                        .bind(0, arn)
                        .mapTo(int.class)
                        .one()
                > 0;
        if (isUsed) {
            throw ApiException.conflict("Resource: " + arn + " is in use by a composition");
        }
    }
}
