-- A configuration outlives the stage that it leads to.
CREATE TABLE ingest_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    stage_arn TEXT REFERENCES stage (arn) ON DELETE SET NULL,
    user_id TEXT NOT NULL,
    attributes TEXT NOT NULL,
    protocol TEXT NOT NULL,
    tags TEXT NOT NULL
);

CREATE INDEX ingest_configuration_by_stage ON ingest_configuration (stage_arn);

-- Position 0 is the configuration's own; 1 and 2 are there while its ingest is redundant.
CREATE TABLE ingest_credential (
    stream_key TEXT NOT NULL PRIMARY KEY,
    ingest_configuration_arn TEXT NOT NULL REFERENCES ingest_configuration (arn) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    participant_id TEXT NOT NULL UNIQUE,
    UNIQUE (ingest_configuration_arn, position)
);
