-- What a start writes is scattered over as few pages as can be: everything but the ARN and the token is appended.
CREATE TABLE destination_by_seq (
    composition_seq INTEGER NOT NULL REFERENCES composition (seq) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    configuration TEXT NOT NULL,
    encoder_configuration_arn TEXT,
    storage_configuration_arn TEXT,
    recording_prefix TEXT,
    state TEXT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    reason TEXT,
    PRIMARY KEY (composition_seq, position)
) WITHOUT ROWID;

INSERT INTO destination_by_seq
SELECT composition.seq, position, id, configuration, encoder_configuration_arn, storage_configuration_arn,
    recording_prefix, destination.state, destination.started_at, ended_at, destination.reason
FROM destination JOIN composition ON composition.arn = destination.composition_arn;

DROP TABLE destination;

ALTER TABLE destination_by_seq RENAME TO destination;

CREATE INDEX destination_by_encoder ON destination (encoder_configuration_arn);

-- Of a request only what tells another one with the same token apart. Compositions from before this script take no repeats.
ALTER TABLE composition DROP COLUMN request;

ALTER TABLE composition ADD COLUMN request_digest TEXT NOT NULL DEFAULT '';

DROP INDEX composition_by_change;

CREATE INDEX composition_living ON composition (started_at) WHERE state IN ('STARTING', 'ACTIVE', 'STOPPING');

CREATE INDEX composition_ended ON composition (changed_at) WHERE state IN ('STOPPED', 'FAILED');

-- A composition looks at the sessions of its stage that go on or have ended since it began.
CREATE INDEX stage_session_by_end ON stage_session (stage_arn, COALESCE(ended_at, 9223372036854775807));
