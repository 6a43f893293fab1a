package dev.understudy.control.configuration;

import dev.understudy.control.api.ApiException;
import org.jdbi.v3.core.Handle;

/** Keeps a configuration from being deleted under what refers to it. Every method runs in its caller's transaction. */
final class InUse {
    private InUse() {}

    /**
     * Refuses one that a composition which has not ended refers to. Looks through the compositions that live, which are
     * few, and not through the destinations of all that ever were.
     */
    static void checkCompositions(Handle handle, String column, String arn) {
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

    /** Refuses a storage configuration that a stage records its participants by. */
    static void checkStages(Handle handle, String arn) {
        boolean isUsed = handle.createQuery(
                                "SELECT COUNT(*) FROM stage WHERE json_extract(recording, '$.storageConfigurationArn') = ?")
                        .bind(0, arn)
                        .mapTo(int.class)
                        .one()
                > 0;
        if (isUsed) {
            throw ApiException.conflict("Resource: " + arn + " is in use by a stage");
        }
    }
}
