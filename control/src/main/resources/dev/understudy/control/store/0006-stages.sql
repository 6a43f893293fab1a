-- What every ARN of this installation begins with, as in arn:aws:ivs:us-east-1:000000000000: one row once a node has run.
CREATE TABLE home (
    arn_prefix TEXT NOT NULL
);

INSERT INTO home
SELECT arn_prefix FROM (
    SELECT substr(arn, 1, instr(arn, ':stage/')) AS arn_prefix FROM stage
    UNION ALL
    SELECT substr(arn, 1, instr(arn, ':storage-configuration/')) FROM storage_configuration
    UNION ALL
    SELECT substr(arn, 1, instr(arn, ':channel/')) FROM channel
) LIMIT 1;

-- The claims are those of the token that counts now, as JSON; a replica has none. key_arn is '' where the node signed it.
-- source_… say whose replica somebody is. is_publisher: while connected, they take one of the stage's places to publish.
ALTER TABLE participant DROP COLUMN token_digest;

ALTER TABLE participant ADD COLUMN claims TEXT;

ALTER TABLE participant ADD COLUMN key_arn TEXT NOT NULL DEFAULT '';

ALTER TABLE participant ADD COLUMN is_publisher INTEGER NOT NULL DEFAULT 0;

ALTER TABLE participant ADD COLUMN publishing_since BIGINT;

ALTER TABLE participant ADD COLUMN recording_state TEXT NOT NULL DEFAULT 'DISABLED';

ALTER TABLE participant ADD COLUMN recording_bucket TEXT NOT NULL DEFAULT '';

ALTER TABLE participant ADD COLUMN recording_prefix TEXT NOT NULL DEFAULT '';

ALTER TABLE participant ADD COLUMN source_stage_arn TEXT;

ALTER TABLE participant ADD COLUMN source_session_id TEXT;

ALTER TABLE participant ADD COLUMN ingest_configuration_arn TEXT;

ALTER TABLE participant ADD COLUMN redundant_ingest INTEGER NOT NULL DEFAULT 0;

CREATE INDEX participant_by_id ON participant (id, seq);

CREATE INDEX participant_by_session ON participant (session_id, seq);

CREATE INDEX participant_with_a_place ON participant (session_id) WHERE is_publisher = 1 AND state = 'CONNECTED';

CREATE INDEX participant_on_air ON participant (publishing_since) WHERE publishing = 1;

CREATE INDEX stage_session_active ON stage_session (stage_arn) WHERE ended_at IS NULL;

-- What only some events tell, as JSON.
ALTER TABLE participant_event ADD COLUMN detail TEXT NOT NULL DEFAULT '{}';

-- A replication is forgotten with its source; what is left of the replica is its participant in the destination.
-- source_left_at is there while the source is away and may still come back.
CREATE TABLE replication (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    source_session_id TEXT NOT NULL REFERENCES stage_session (id) ON DELETE CASCADE,
    source_stage_arn TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    destination_session_id TEXT NOT NULL,
    destination_stage_arn TEXT NOT NULL,
    attributes TEXT NOT NULL,
    reconnect_window_seconds INTEGER NOT NULL,
    state TEXT NOT NULL,
    source_left_at BIGINT,
    UNIQUE (source_session_id, participant_id, destination_session_id)
);

CREATE INDEX replication_by_source ON replication (source_stage_arn, participant_id, seq);

CREATE INDEX replication_waiting ON replication (source_left_at) WHERE source_left_at IS NOT NULL;

CREATE INDEX replication_active_to ON replication (destination_stage_arn) WHERE state = 'ACTIVE';

-- Viewers whose playback sessions up to a version are revoked.
CREATE TABLE viewer_session_revocation (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_arn TEXT NOT NULL REFERENCES channel (arn) ON DELETE CASCADE,
    viewer_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (channel_arn, viewer_id)
);
